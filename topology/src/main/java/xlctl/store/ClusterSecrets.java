package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import xlctl.topology.Logins;
import xlctl.topology.Secret;

/**
 * The passwords generated for a cluster, one for each login that xlctl itself makes. See {@link
 * xlctl.topology.ServerRole} for what each may do.
 *
 * @param authority of the certificates of its hosts; empty for a cluster without TLS
 * @param using as which of two roles servers are reached; empty in records of older versions, which
 *     knew the first ones only
 * @param next what takes the place of the passwords, while they are being replaced
 */
public record ClusterSecrets(
        Secret superuser,
        Secret internal,
        Secret monitor,
        Secret client,
        Optional<AuthoritySecret> authority,
        Optional<Logins> using,
        Optional<Passwords> next) {
    public ClusterSecrets {
        requireNonNull(superuser, "superuser is null");
        requireNonNull(internal, "internal is null");
        requireNonNull(monitor, "monitor is null");
        requireNonNull(client, "client is null");
        requireNonNull(authority, "authority is null");
        requireNonNull(using, "using is null");
        requireNonNull(next, "next is null");
    }

    /** Of a cluster whose passwords were never replaced. */
    public ClusterSecrets(
            Secret superuser,
            Secret internal,
            Secret monitor,
            Secret client,
            Optional<AuthoritySecret> authority) {
        this(superuser, internal, monitor, client, authority, Optional.empty(), Optional.empty());
    }

    public static ClusterSecrets generate() {
        return of(Passwords.generate(), Optional.empty(), Logins.FIRST);
    }

    private static ClusterSecrets of(
            Passwords passwords, Optional<AuthoritySecret> authority, Logins logins) {
        return new ClusterSecrets(
                passwords.superuser(),
                passwords.internal(),
                passwords.monitor(),
                passwords.client(),
                authority,
                Optional.of(logins),
                Optional.empty());
    }

    /** As which roles servers are reached. */
    public Logins logins() {
        return using.orElse(Logins.FIRST);
    }

    public Passwords passwords() {
        return new Passwords(superuser, internal, monitor, client);
    }

    /** All that must not be seen: those that are to come, too. */
    public List<Secret> all() {
        return Stream.of(
                        passwords().all().stream(),
                        next.stream().flatMap(coming -> coming.all().stream()),
                        authority.map(AuthoritySecret::key).stream())
                .flatMap(secrets -> secrets)
                .toList();
    }

    public ClusterSecrets with(AuthoritySecret made) {
        return new ClusterSecrets(
                superuser, internal, monitor, client, Optional.of(made), using, next);
    }

    /** With what is to take the place of the passwords; empty: nothing is. */
    public ClusterSecrets withNext(Optional<Passwords> coming) {
        return new ClusterSecrets(superuser, internal, monitor, client, authority, using, coming);
    }

    /** Once the passwords that were to come have taken their place; empty where there are none. */
    public Optional<ClusterSecrets> renewed() {
        return next.map(coming -> of(coming, authority, logins().other()));
    }
}
