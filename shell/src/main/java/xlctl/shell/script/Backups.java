package xlctl.shell.script;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import xlctl.controller.ExitCode;
import xlctl.controller.OperationResult;
import xlctl.operation.Listener;
import xlctl.shell.access.PrivateFiles;
import xlctl.shell.language.Statement;
import xlctl.shell.render.ProblemText;
import xlctl.store.Backup;
import xlctl.text.FileTrouble;
import xlctl.text.NewFile;
import xlctl.text.TextFile;
import xlctl.text.UnusableTextException;
import xlctl.topology.ClusterName;
import xlctl.topology.InvalidValueException;

/** {@code backup} and {@code restore}: the cluster's records and the file they are kept in. */
final class Backups {
    /** Of a thousand instances it has about 200 KB. */
    private static final int MOST_BYTES = 8 * 1024 * 1024;

    private final Console console;
    private final ClusterControl cluster;
    private final ClusterName name;

    Backups(Console console, ClusterControl cluster, ClusterName name) {
        this.console = console;
        this.cluster = cluster;
        this.name = name;
    }

    ExitCode write(Item item, Statement.WriteBackup statement) {
        Path file = statement.file();
        Backup backup = cluster.backup();
        try {
            PrivateFiles.create(file, backup.text());
        } catch (FileAlreadyExistsException e) {
            console.report(
                    item.where()
                            + ": backup: refused: "
                            + file
                            + " is there already: name a new file");
            return ExitCode.REFUSED;
        } catch (IOException e) {
            console.report(
                    item.where()
                            + ": backup: "
                            + file
                            + " cannot be written: "
                            + NewFile.trouble(e));
            return ExitCode.NOT_AS_ASKED;
        }
        Backup.Records records = backup.records();
        console.print(
                file
                        + ": cluster "
                        + name
                        + ", topology version "
                        + records.topologyVersion()
                        + ", "
                        + records.topology().nodes().size()
                        + " nodes, "
                        + records.hosts().size()
                        + " hosts");
        console.report("The file has the cluster's passwords in it: keep it secret (mode 0600).");
        records.open()
                .forEach(
                        open ->
                                console.report(
                                        "Notice: operation " + open + " is open: it is not kept"));
        return ExitCode.DONE;
    }

    ExitCode restore(Item item, Statement.RestoreBackup statement, Listener listener) {
        Path file = statement.file();
        Backup backup = Backup.read(read(file), file.toString(), name);
        OperationResult result = cluster.restore(backup, statement.older(), listener);
        if (result.exit() != ExitCode.DONE) {
            console.report(item.where() + ": restore " + file + ": not done");
            console.report(ProblemText.of(result.problems()));
        } else if (result.number() > 0) {
            console.print(
                    "The records of cluster "
                            + name
                            + " are as they were at "
                            + backup.taken()
                            + "; agents take note of them now: status");
        }
        result.notices().forEach(notice -> console.report("Notice: " + notice));
        return result.exit();
    }

    private static String read(Path file) {
        try {
            return TextFile.read(file, MOST_BYTES);
        } catch (NoSuchFileException e) {
            throw new InvalidValueException("there is no file " + file);
        } catch (UnusableTextException e) {
            throw new InvalidValueException(
                    file + " cannot be read as a backup: " + e.getMessage());
        } catch (IOException e) {
            throw new InvalidValueException(file + " cannot be read: " + FileTrouble.of(e));
        }
    }
}
