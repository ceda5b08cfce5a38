package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The cluster's passwords are replaced while it is used. */
@Tag("slow")
class RotationIT extends SharedCluster {
    private static final List<Integer> COORDINATORS = List.of(2, 4, 6);
    private static final String MAY_LOG_IN =
            "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_authid"
                    + " WHERE rolname LIKE 'xlctl%' AND rolcanlogin";
    private static final String FIRST = "xlctl_ddl xlctl_internal xlctl_monitor";
    private static final String SECOND = "xlctl_ddl_2 xlctl_internal_2 xlctl_monitor_2";

    private int logins;

    @Test
    void letsRowsAndDefinitionsGoOnWhileAllPasswordsAreReplacedTwice() throws Exception {
        Path access = cluster.home().resolveSibling("access");
        cluster.xlctl("access", access.toString()).exits(0);
        cluster.sql(
                2,
                "CALL xl.create_table('CREATE TABLE load (id int PRIMARY KEY, seen int)', 'hash(id)')");
        cluster.sql(2, "CALL xl.create_table('CREATE TABLE stop (a int)', 'replication')");
        Path user = bystander();
        RunningProgram open = cluster.psql(2);
        open.type("SELECT 'begun' || count(*) FROM sample;");
        open.awaitOutput("begun100000");
        List<RunningProgram> load = new ArrayList<>();
        for (int host : COORDINATORS) {
            load.add(cluster.psql(host, "-v", "ON_ERROR_STOP=1", "-c", writing(host)));
            load.add(again(host, user, "INSERT INTO load VALUES (-($i * 10 + " + host + "))"));
        }
        load.add(
                again(
                        4,
                        user,
                        "CALL xl.create_table('CREATE TABLE made.now$i (a int)', 'replication')"));
        Set<String> superuser = new HashSet<>(superuserVerifiers());
        Set<String> passwords = new HashSet<>();

        String at = cluster.sqlOfSuperuser(cluster.data(2, "coord"), MAY_LOG_IN);
        for (String roles : List.of(at.equals(FIRST) ? SECOND : FIRST, at)) {
            Path before = Files.copy(access.resolve("pgpass"), cluster.home().resolve("before"));
            passwords.add(Files.readString(before));
            awaitLoad();

            Outcome done = cluster.xlctl("rotate", "passwords").exits(0);

            awaitLoad();
            assertThat(done.out())
                    .contains(access.resolve("pgpass").toString(), cluster.home() + "/pgpass");
            assertThat(done.err()).contains("password of app is another one");
            for (Path server : servers()) {
                assertThat(cluster.sqlOfSuperuser(server, MAY_LOG_IN)).isEqualTo(roles);
            }
            assertThat(logIn(before).exits(2).err()).contains("password authentication failed");
            logIn(access.resolve("pgpass")).exits(0);
            logIn(cluster.home().resolve("pgpass")).exits(0);
            assertThat(superuser.addAll(superuserVerifiers())).isTrue();
            Files.delete(before);
        }

        assertThat(passwords).hasSize(2).doesNotContain(Files.readString(access.resolve("pgpass")));
        assertThat(superuser).hasSize(3);
        cluster.sql(2, "INSERT INTO stop VALUES (1)");
        Files.createFile(stop());
        for (RunningProgram each : load) {
            each.end().exits(0);
        }
        open.type("SELECT 'still here ' || count(*) FROM load WHERE id = 12;");
        assertThat(open.end().exits(0).out()).contains("still here 1");
        assertThat(
                        cluster.sql(
                                6,
                                "SELECT bool_and(rows = last AND unseen = 0) FROM (SELECT count(*) AS rows,"
                                        + " max(abs(id) / 10) AS last, count(*) FILTER (WHERE id > 0 AND seen IS NULL)"
                                        + " AS unseen FROM load GROUP BY id > 0, abs(id) % 10) o"))
                .isEqualTo("t");
        cluster.xlctl("monitor", "all").exits(0);
        Files.delete(stop());
        cluster.sql(2, "CALL xl.ddl('DROP TABLE load, stop')");
        cluster.sql(2, "CALL xl.ddl('DROP SCHEMA made CASCADE')");
    }

    @Test
    void refusesByNameWhileAnAgentIsAway() throws Exception {
        String before = superuserVerifiers().toString();
        cluster.killAgent(7);

        Outcome refused = cluster.xlctl("rotate", "passwords").exits(3);

        assertThat(refused.err()).contains("127.0.1.7");
        assertThat(superuserVerifiers().toString()).isEqualTo(before);
        cluster.startAgent(7);
        cluster.awaitHealth();
    }

    @Test
    void aServerThatIsStoppedMeanwhileHasThePasswordsWhenItIsStarted() throws Exception {
        String before = cluster.sqlOfSuperuser(cluster.data(6, "coord"), MAY_LOG_IN);
        cluster.xlctl("stop", "coord_m_3").exits(0);

        cluster.xlctl("rotate", "passwords").exits(0);

        cluster.xlctl("start", "coord_m_3").exits(0);
        assertThat(cluster.sqlOfSuperuser(cluster.data(6, "coord"), MAY_LOG_IN))
                .isNotEqualTo(before)
                .isEqualTo(cluster.sqlOfSuperuser(cluster.data(2, "coord"), MAY_LOG_IN));
        assertThat(cluster.sql(6, "SELECT count(*) FROM sample")).isEqualTo("100000");
        cluster.xlctl("monitor", "all").exits(0);
    }

    @Test
    void whatAKilledShellBeganIsFinishedOrUndoneAndKeepsNobodyOutMeanwhile() throws Exception {
        for (String point :
                List.of(
                        "have the new passwords used by",
                        "have the old passwords turned away by")) {
            cluster.start("rotate", "passwords").awaitProgress(point).kill();
            assertThat(cluster.sql(4, "SELECT count(*) FROM sample")).isEqualTo("100000");
            finish("resume");
        }
        String before = cluster.sqlOfSuperuser(cluster.data(3, "data"), MAY_LOG_IN);
        cluster.start("rotate", "passwords")
                .awaitProgress("have the new passwords admitted by")
                .kill();
        finish("rollback");

        assertThat(cluster.sqlOfSuperuser(cluster.data(3, "data"), MAY_LOG_IN)).isEqualTo(before);
        cluster.xlctl("rotate", "passwords").exits(0);
        cluster.xlctl("monitor", "all").exits(0);
    }

    private void finish(String how) throws Exception {
        Matcher open =
                Pattern.compile("(?m)^([0-9]+) +(running|stuck) .*rotate passwords")
                        .matcher(cluster.xlctl("operation", "list").exits(0).out());
        assertThat(open.find()).isTrue();
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> cluster.xlctl("operation", how, open.group(1)).exits(0));
        assertThat(cluster.sql(2, "SELECT count(*) FROM sample")).isEqualTo("100000");
    }

    /** A role whose password stays. */
    private Path bystander() throws Exception {
        Path password = cluster.file("bystander", "of-a-bystander");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        cluster.xlctl("createuser", "bystander", "--password-file", password.toString()).exits(0);
        cluster.sql(2, "CALL xl.ddl('GRANT ALL ON load TO bystander')");
        cluster.sql(2, "CALL xl.ddl('CREATE SCHEMA made')");
        cluster.sql(2, "CALL xl.ddl('GRANT ALL ON SCHEMA made TO bystander')");
        Path file = cluster.file("bystander.pgpass", "*:*:*:bystander:of-a-bystander");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private Path stop() {
        return cluster.home().resolveSibling("stop");
    }

    /** The same over and over, with {@code $i} counted from 1, each in a session of its own. */
    private RunningProgram again(int host, Path passwords, String statement) throws Exception {
        return cluster.network()
                .start(
                        cluster.home(),
                        Map.of(
                                "PGSERVICEFILE",
                                cluster.home().resolve("pg_service.conf").toString(),
                                "PGPASSFILE",
                                passwords.toString()),
                        List.of(
                                "bash",
                                "-ec",
                                "for ((i = 1; ; i++)); do [[ ! -e ../stop ]] || exit 0; psql -XAtq"
                                        + " 'service=postgresql-1 passfile="
                                        + passwords
                                        + " user=bystander host=127.0.1."
                                        + host
                                        + "' -c \""
                                        + statement
                                        + "\"; done"));
    }

    /** Each row is a transaction of its own: an error would end the whole. */
    private static String writing(int host) {
        return "DO $$ BEGIN FOR n IN 1 .. 10000000 LOOP INSERT INTO load (id) VALUES (n * 10 + "
                + host
                + "); COMMIT; UPDATE load SET seen = 1 WHERE id = n * 10 + "
                + host
                + "; EXIT WHEN EXISTS (SELECT FROM stop); COMMIT; PERFORM pg_sleep(0.005); END LOOP;"
                + " END $$";
    }

    /** Until every one of those who write has done so again, and the one who makes tables. */
    private void awaitLoad() throws Exception {
        String written =
                "SELECT string_agg(n::text, ' ') FROM (SELECT max(abs(id)) AS n FROM load"
                        + " GROUP BY id > 0, abs(id) % 10 ORDER BY id > 0, abs(id) % 10) o";
        String made = "SELECT count(*) FROM pg_class WHERE relname ~ '^now[0-9]+$'";
        List<String> before = List.of(cluster.sql(2, written).split(" "));
        int tables = Integer.parseInt(cluster.sql(2, made));
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(
                        () -> {
                            List<String> now = List.of(cluster.sql(2, written).split(" "));
                            assertThat(now).hasSize(6).doesNotContainAnyElementsOf(before);
                            assertThat(Integer.parseInt(cluster.sql(2, made)))
                                    .isGreaterThan(tables);
                        });
    }

    /** What a client with these passwords is told. */
    private Outcome logIn(Path passwords) throws Exception {
        Path own = cluster.home().resolve("login" + ++logins + ".pgpass");
        Files.copy(passwords, own);
        Outcome outcome =
                cluster.network()
                        .start(
                                cluster.home(),
                                Map.of(
                                        "PGSERVICEFILE",
                                        cluster.home().resolve("pg_service.conf").toString()),
                                List.of(
                                        "psql",
                                        "-XAtwq",
                                        "service=postgresql-1 passfile=" + own,
                                        "-c",
                                        "SELECT 'in'"))
                        .end();
        Files.delete(own);
        return outcome;
    }

    private List<String> superuserVerifiers() throws Exception {
        Set<String> all = new HashSet<>();
        for (Path server : servers()) {
            all.add(
                    cluster.sqlOfSuperuser(
                            server,
                            "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'"));
        }
        return List.copyOf(all);
    }

    private List<Path> servers() {
        return List.of(
                cluster.data(1, "gtm"),
                cluster.data(2, "coord"),
                cluster.data(3, "data"),
                cluster.data(4, "coord"),
                cluster.data(5, "data"),
                cluster.data(6, "coord"),
                cluster.data(7, "data"));
    }
}
