package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xlctl.agent.api.RolePower;
import xlctl.command.Command;
import xlctl.topology.InvalidValueException;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;
import xlctl.topology.SqlName;

/** The statements that are about databases, roles, tables and clients. */
class SqlStatementsTest {
    private static final TextFiles FILES =
            name -> {
                if (name.equals("secret")) {
                    return "hunter2\n";
                }
                return name.equals("empty") ? "\n" : missing(name);
            };

    private final Parser parser = new Parser(FILES);

    @Test
    void createdbTakesACoordinatorANameAndAnOwner() {
        assertThat(understood("Createdb shop"))
                .isEqualTo(database(Optional.empty(), "shop", Optional.empty()));
        assertThat(understood("createdb - coord_1 'My \"shop\"' --owner \"O'Hara\""))
                .isEqualTo(
                        database(
                                Optional.of(new NodeName("coord_1")),
                                "My \"shop\"",
                                Optional.of(new SqlName("O'Hara"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Createdb | DB",
                "Createdb --owner app shop | DB",
                "Createdb shop --tablespace x | --owner",
                "Createdb shop --encoding UTF8 | --owner ROLE is what can be given",
                "Createdb - coord_1 | DB",
                "Createuser alice --password hunter2 | --password-file",
                "Createuser alice --password-file nofile | nofile",
                "Createuser alice --password-file empty | printable ASCII",
                "show resource coordinator c1 | datanode",
                "show resource datanode | NAME"
            })
    void whatIsWrongIsComplainedAboutWithWhatWouldBeRight(String line, String right) {
        assertThat(parser.parse(Line.read(line)))
                .isInstanceOfSatisfying(
                        Parsed.Malformed.class,
                        malformed -> assertThat(malformed.lines("x").toString()).contains(right));
    }

    @Test
    void aUserWithoutAPasswordFileIsOneWhosePasswordIsAskedFor() {
        assertThat(understood("Createuser - c1 alice --superuser --createdb"))
                .isEqualTo(
                        new Statement.CreateUser(
                                Optional.of(new NodeName("c1")),
                                new SqlName("alice"),
                                Set.of(RolePower.SUPERUSER, RolePower.CREATEDB)));
        assertThat(understood("createuser alice --password-file secret --createrole"))
                .isEqualTo(
                        new Statement.Change(
                                new Command.CreateUser(
                                        Optional.empty(),
                                        new SqlName("alice"),
                                        Set.of(RolePower.CREATEROLE),
                                        new Secret("hunter2"))));
    }

    @Test
    void psqlTakesAllWordsAsTheyAre() {
        assertThat(understood("Psql")).isEqualTo(new Statement.Psql(Optional.empty(), List.of()));
        assertThat(understood("psql - coord_2 -d shop -c \"SELECT 'a b';\" -A"))
                .isEqualTo(
                        new Statement.Psql(
                                Optional.of(new NodeName("coord_2")),
                                List.of("-d", "shop", "-c", "SELECT 'a b';", "-A")));
    }

    @Test
    void showResourceTakesADatabaseAndAnOwner() {
        assertThat(understood("show resource datanode d1"))
                .isEqualTo(
                        new Statement.ShowResource(
                                new NodeName("d1"), new SqlName("postgres"), Optional.empty()));
        assertThat(understood("SHOW resource DATANODE d1 Shop alice"))
                .isEqualTo(
                        new Statement.ShowResource(
                                new NodeName("d1"),
                                new SqlName("Shop"),
                                Optional.of(new SqlName("alice"))));
    }

    private Statement understood(String line) {
        return ((Parsed.Understood) parser.parse(Line.read(line))).statement();
    }

    private static Statement database(
            Optional<NodeName> through, String name, Optional<SqlName> owner) {
        return new Statement.Change(new Command.CreateDatabase(through, new SqlName(name), owner));
    }

    private static String missing(String name) {
        throw new InvalidValueException("there is no file " + name);
    }
}
