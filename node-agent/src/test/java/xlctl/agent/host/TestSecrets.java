package xlctl.agent.host;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.postgresql.util.PasswordUtil;
import xlctl.agent.api.InstanceSecrets;
import xlctl.agent.api.PasswordVerifier;
import xlctl.topology.EngineKind;
import xlctl.topology.NodeKind;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/** Passwords of every role, and what of them a controller would send to which instance. */
public final class TestSecrets {
    public static final Map<ServerRole, Secret> PASSWORDS = passwords();
    private static final Map<ServerRole, PasswordVerifier> SCRAM_VERIFIERS =
            verifiers("scram-sha-256");
    private static final Map<ServerRole, PasswordVerifier> MD5_VERIFIERS = verifiers("md5");

    private static final Set<ServerRole> INTERNAL = EnumSet.of(ServerRole.INTERNAL, ServerRole.DDL);

    private TestSecrets() {}

    public static InstanceSecrets of(NodeKind kind) {
        return of(EngineKind.POSTGRESQL, kind);
    }

    /** Postgres-XL knows no better than MD5. */
    public static InstanceSecrets of(EngineKind engine, NodeKind kind) {
        Map<ServerRole, PasswordVerifier> verifiers =
                new EnumMap<>(engine == EngineKind.POSTGRES_XL ? MD5_VERIFIERS : SCRAM_VERIFIERS);
        verifiers.keySet().removeIf(role -> role.first().isPresent());
        boolean stock = engine == EngineKind.POSTGRESQL;
        if (!stock) {
            verifiers.keySet().removeAll(INTERNAL);
        } else if (!kind.inCatalog()) {
            verifiers.remove(ServerRole.CLIENT);
        }
        Map<ServerRole, Secret> outgoing = new EnumMap<>(PASSWORDS);
        outgoing.keySet().removeIf(role -> role.first().isPresent());
        outgoing.keySet().removeIf(role -> stock != INTERNAL.contains(role));
        boolean logsIn = stock ? kind.inCatalog() : engine == EngineKind.POSTGRES_XL;
        return new InstanceSecrets(
                PASSWORDS.get(ServerRole.SUPERUSER), logsIn ? outgoing : Map.of(), verifiers);
    }

    /** What a server keeps of a password, in the form of the stock engine. */
    static PasswordVerifier scram(ServerRole role, Secret password) {
        return verifier("scram-sha-256", role, password);
    }

    private static Map<ServerRole, Secret> passwords() {
        Map<ServerRole, Secret> passwords = new EnumMap<>(ServerRole.class);
        for (ServerRole role : ServerRole.values()) {
            passwords.put(role, Secret.generate());
        }
        passwords.put(ServerRole.DDL, passwords.get(ServerRole.INTERNAL));
        passwords.put(ServerRole.DDL_2, passwords.get(ServerRole.INTERNAL_2));
        return passwords;
    }

    private static Map<ServerRole, PasswordVerifier> verifiers(String form) {
        Map<ServerRole, PasswordVerifier> verifiers = new EnumMap<>(ServerRole.class);
        PASSWORDS.forEach((role, password) -> verifiers.put(role, verifier(form, role, password)));
        return verifiers;
    }

    private static PasswordVerifier verifier(String form, ServerRole role, Secret password) {
        try {
            return new PasswordVerifier(
                    PasswordUtil.encodePassword(
                            role.roleName(), password.reveal().toCharArray(), form));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
