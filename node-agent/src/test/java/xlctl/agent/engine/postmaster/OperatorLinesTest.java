package xlctl.agent.engine.postmaster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.agent.api.InstanceSpec;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;
import xlctl.topology.Problem;
import xlctl.topology.TlsVersion;

class OperatorLinesTest {
    private static final Networks ENCRYPTED = Networks.HOSTS_ONLY.with(TlsVersion.TLS_1_2);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing but this",
                "work_mem = 64MB",
                "work_mem 64MB # a comment",
                "# as under C:\\",
                "  log_line_prefix = '%m # [%p] '",
                "pg_stat_statements.max=10000",
                "search_path = 'port, listen_addresses'"
            })
    void takesSettings(String line) {
        assertThat(refusals(spec(line, ""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "port = 1",
                "PORT=1",
                "listen_addresses '*'",
                "include 'other.conf'",
                "Include_If_Exists = 'x'",
                "include_dir 'x'",
                "hba_file = '/tmp/x'",
                "work_mem",
                "= 3"
            })
    void refusesSettingsThatAreNotTheOperators(String line) {
        assertThat(refusals(spec("work_mem = 1MB\n" + line, "")))
                .singleElement()
                .extracting(Problem::what)
                .asString()
                .startsWith("CONF \"extra.conf\", line 2, column 1: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host all app 10.1.0.0/16 scram-sha-256",
                "hostssl all app 10.1.0.0 255.255.0.0 cert map=trust_map # a comment",
                "local all all peer",
                "host all all ::1 ffff:: md5",
                "host all all fe80::/10 reject",
                "host all all samenet ldap ldapserver=l.example",
                "host all all .example.com md5",
                "host all all cafe md5",
                "host \"a b\" all 10.0.0.0 255.0.0.0 md5",
                "host all alice, bob 10.0.0.0/8 md5",
                "local all alice,,\tbob peer",
                "host shop, app , all samenet \"md5\"",
                "host all all all md5,",
                "host all alice, trust 10.0.0.0/8 md5",
                "host \"my db\" trust all md5",
                "local \f \f md5",
                "host all all fe80::1%eth0 ffff:ffff:: md5",
                "host \"a, \"\"b\" all all md5 # two, of a",
                "host shop,trust app 10.0.0.0/8 md5",
                "host trust all 10.0.0.0/8 scram-sha-256",
                "host \"a # b\" all 10.0.0.0/8 scram-sha-256",
                "host o'hara all 10.0.0.0/8 scram-sha-256 # o'er"
            })
    void takesRules(String line) {
        assertThat(refusals(spec("", line))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host all all 0.0.0.0/0 trust",
                "local all all trust",
                "host all all 10.0.0.0 255.0.0.0 TRUST",
                "host all all all \"trust\"",
                "host all all all trust,",
                "host all all all ,trust",
                "host ',\"' a b c # \" all 0.0.0.0/0 trust",
                "host all all all @methods",
                "host all app,@users all md5",
                "# a comment \\",
                "host all all all tru\\",
                "host a '\"'b c d #\" 0.0.0.0/0 trust",
                "include other_hba.conf",
                "@file all all all md5",
                "host all all",
                "host all all 10.0.0.0 md5",
                "host all all ::1 md5",
                "host all all 10.0.0.0/8 nosuch",
                "host all all 10.0.0.0 255.0.0.0 MD5",
                "local all all peer2 map=x",
                "host \"app\" all 10.0.0.0/8 nosuch",
                "host all alice , bob 10.0.0.0/8 md5",
                "host all alice, bob md5",
                "host all all all md5\f",
                "\f",
                "host all all all nosuch \\ # and no more",
                ", host all all all trust",
                ",",
                "everyone is welcome here today"
            })
    void refusesRulesThatLetAnyoneInOrAreNone(String line) {
        assertThat(refusals(spec("", "# first\n\n" + line)))
                .singleElement()
                .extracting(Problem::what)
                .asString()
                .startsWith("HBA \"extra.hba\", line 3, column ");
    }

    @Test
    void namesEveryLineAtOnce() {
        assertThat(refusals(spec("port = 1\nfsync = off\nnonsense", "host all all all trust")))
                .extracting(Problem::what)
                .satisfiesExactly(
                        first -> assertThat(first).contains("CONF \"extra.conf\", line 1,", "port"),
                        second ->
                                assertThat(second)
                                        .contains("CONF \"extra.conf\", line 3,", "nonsense"),
                        third -> assertThat(third).contains("HBA \"extra.hba\", line 1,"));
    }

    @ParameterizedTest
    @CsvSource({
        "'host all all 10.0.0.0/8 trust,', 25",
        "'  \thost all @users all md5', 13",
        "'host all all all md5,trust # yes', 18",
        "'host \"ä😀\" all all md5 \\', 23",
        "'   everyone is welcome', 4",
        "'host all all 10.0.0.0 255.0.0.0 mdfive', 33",
        "'local all all mdfive', 15",
        "'local all a, b mdfive', 16"
    })
    void pointsAtTheWordOfARule(String line, int column) {
        assertThat(refusals(spec("", line)))
                .singleElement()
                .extracting(Problem::what)
                .asString()
                .startsWith("HBA \"extra.hba\", line 1, column " + column + ": ");
    }

    @Test
    void quotesTheLineWithoutItsComment() {
        assertThat(refusals(spec("  port = 1 # ours", "")))
                .containsExactly(
                        Problem.of(
                                "CONF \"extra.conf\", line 1, column 3: \"port = 1\" sets port, which"
                                        + " xlctl sets itself",
                                "leave the line out"));
    }

    @Test
    void quotesNoPassword() {
        assertThat(
                        refusals(
                                spec(
                                        "9.passphrase_command 's3cret'",
                                        "host all all all ldpa ldapbindpasswd=s3cret")))
                .hasSize(2)
                .noneMatch(problem -> problem.what().contains("s3cret"))
                .allMatch(problem -> problem.what().contains("=...\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host all all ldap ldapserver=l ldapbindpasswd = s3cret",
                "host all all ldap \"ldapbindpasswd\"=s3cret",
                "host all all ldap ldapbindpasswd s3cret",
                "host all all radius radiussecrets:s3cret",
            })
    void quotesNoPasswordOfARuleThatIsHardlyOne(String rule) {
        assertThat(refusals(spec("", rule))).isNotEmpty();
        assertThat(refusals(spec("", rule)).toString()).doesNotContain("s3cret");
    }

    @Test
    void quotesNoPasswordOfAUrl() {
        assertThat(refusals(spec("primary-conninfo = 'postgresql://rep:s3cret/@h/'", "")))
                .singleElement()
                .extracting(Problem::what)
                .asString()
                .contains("postgresql://rep:...")
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssl = off", "SSL_MIN_PROTOCOL_VERSION = 'TLSv1'", "ssl_key_file 'k'"})
    void refusesSettingsOfTlsWhereXlctlMakesThem(String line) {
        assertThat(refusals(spec(line, ""))).isEmpty();
        assertThat(refusals(spec(line, "", ENCRYPTED)))
                .singleElement()
                .extracting(Problem::what)
                .asString()
                .contains("which xlctl sets itself");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hostnossl all all 10.0.0.0/8 scram-sha-256",
                "hostgssenc all all 10.0.0.0/8 gss",
                ",hostnossl all all 10.0.0.0/8 md5"
            })
    void refusesLinesForConnectionsWithoutTlsWhereThereAreNone(String line) {
        assertThat(refusals(spec("", line))).isEmpty();
        assertThat(refusals(spec("", line, ENCRYPTED)))
                .singleElement()
                .extracting(Problem::what)
                .asString()
                .contains("is for connections without TLS, which this cluster refuses");
        assertThat(refusals(spec("", "host all all 10.0.0.0/8 scram-sha-256", ENCRYPTED)))
                .isEmpty();
    }

    private static InstanceSpec spec(String configuration, String hba) {
        return spec(configuration, hba, Networks.HOSTS_ONLY);
    }

    private static InstanceSpec spec(String configuration, String hba, Networks networks) {
        return new InstanceSpec(
                new ClusterName("c1"),
                EngineKind.POSTGRESQL,
                NodeKind.DATANODE,
                new Instance(
                        InstanceName.parse("data_m_1.1"),
                        new HostName("127.0.0.1"),
                        new Port(5432),
                        Optional.empty(),
                        new Directory("data"),
                        Optional.empty()),
                networks,
                Optional.empty(),
                new OperatorFile("extra.conf", configuration),
                new OperatorFile("extra.hba", hba));
    }

    private static List<Problem> refusals(InstanceSpec spec) {
        return OperatorLines.refusals(
                spec, Set.of("port", "listen_addresses", "hba_file"), "scram-sha-256");
    }
}
