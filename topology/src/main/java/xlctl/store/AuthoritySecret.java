package xlctl.store;

import static java.util.Objects.requireNonNull;

import xlctl.topology.Secret;

/**
 * What a cluster's certificates are signed with.
 *
 * @param certificate in PEM; no secret
 * @param key in PKCS #8, as Base64 in one line
 */
public record AuthoritySecret(String certificate, Secret key) {
    public AuthoritySecret {
        requireNonNull(certificate, "certificate is null");
        requireNonNull(key, "key is null");
    }
}
