package xlctl.monitor;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.Properties;
import xlctl.store.AuthoritySecret;
import xlctl.store.ClusterSecrets;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/**
 * How the controller logs in to servers to look at them.
 *
 * @param authority in a cluster with TLS, the certificate in PEM of who signs those of its servers
 */
record MonitorLogin(ServerRole role, Secret password, Optional<String> authority) {
    MonitorLogin {
        requireNonNull(role, "role is null");
        requireNonNull(password, "password is null");
        requireNonNull(authority, "authority is null");
    }

    static MonitorLogin of(ClusterSecrets secrets) {
        return new MonitorLogin(
                secrets.logins().monitor(),
                secrets.monitor(),
                secrets.authority().map(AuthoritySecret::certificate));
    }

    /** As the JDBC driver takes it. A server that cannot prove who it is gets no password. */
    Properties properties() {
        Properties login = new Properties();
        login.setProperty("user", role.roleName());
        login.setProperty("password", password.reveal());
        login.setProperty("ApplicationName", "xlctl_monitor");
        authority.ifPresent(
                certificate -> {
                    login.setProperty("sslmode", "verify-full");
                    login.setProperty(
                            "sslfactory", "org.postgresql.ssl.SingleCertValidatingFactory");
                    login.setProperty("sslfactoryarg", certificate);
                    login.setProperty("channelBinding", "require");
                });
        return login;
    }
}
