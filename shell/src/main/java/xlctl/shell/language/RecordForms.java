package xlctl.shell.language;

import static xlctl.shell.language.Syntax.maybe;
import static xlctl.shell.language.Syntax.sequence;
import static xlctl.shell.language.Syntax.value;
import static xlctl.shell.language.Syntax.words;

import java.util.List;

/** Commands that take the cluster's records away, and bring them back. */
final class RecordForms {
    private static final String OLDER = "--older";

    static final List<Form> FORMS =
            List.of(
                    new Form(
                            sequence(words("backup"), value(Slots.FILE)),
                            "Writes the cluster's records into a new file.",
                            "Topology, node states, hosts and passwords, as they were at one moment;"
                                    + " not the history, and no data of databases. The file is a"
                                    + " secret: nobody but its owner may read it.",
                            "backup /tmp/cluster.backup",
                            arguments -> new Statement.WriteBackup(arguments.one(Slots.FILE))),
                    new Form(
                            sequence(words("restore"), value(Slots.FILE), maybe(words(OLDER))),
                            "Puts the records of a backup back where ZooKeeper has lost them.",
                            "Refused where other records are. Agents converge again by themselves."
                                    + " With --older members that agents hold and the backup does"
                                    + " not know are left as they are, outside the cluster.",
                            "restore /tmp/cluster.backup",
                            arguments ->
                                    new Statement.RestoreBackup(
                                            arguments.one(Slots.FILE), arguments.has(OLDER))),
                    new Form(
                            sequence(words("report"), value(Slots.FILE)),
                            "Writes what a report of a fault needs into a new zip file.",
                            "Versions, settings, topology, status, operations and the ends of logs;"
                                    + " what cannot be had is named. Passwords and keys are made"
                                    + " unreadable; names, addresses and statements in logs are not:"
                                    + " read it before you give it away.",
                            "report /tmp/report.zip",
                            arguments -> new Statement.WriteReport(arguments.one(Slots.FILE))));

    private RecordForms() {}
}
