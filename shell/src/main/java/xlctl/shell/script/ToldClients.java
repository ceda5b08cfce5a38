package xlctl.shell.script;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import xlctl.command.Command;
import xlctl.controller.ClientLogin;
import xlctl.controller.ExitCode;
import xlctl.controller.OperationView;
import xlctl.controller.RefusedException;
import xlctl.shell.access.ClientFiles;
import xlctl.shell.access.WrittenAccess;
import xlctl.store.OperationHeader;
import xlctl.store.StoreException;
import xlctl.text.NewFile;

/** Gives clients the password that they need: in the files that were written here. */
final class ToldClients {
    private final Console console;
    private final ClusterControl cluster;
    private final WrittenAccess written;

    ToldClients(Console console, ClusterControl cluster, Path home) {
        this.console = console;
        this.cluster = cluster;
        this.written = new WrittenAccess(home);
    }

    ExitCode write(Item item, Path directory, ClientLogin login) {
        ClientFiles files = new ClientFiles(directory, login);
        try {
            if (written.has(directory, login.cluster())) {
                files.renew();
            } else {
                files.write();
            }
        } catch (IOException e) {
            console.report(
                    item.where()
                            + ": access: "
                            + directory
                            + " cannot be written into: "
                            + NewFile.trouble(e));
            return ExitCode.NOT_AS_ASKED;
        }
        List<String> lines = new ArrayList<>(files.explained());
        try {
            written.remember(directory);
        } catch (IOException e) {
            lines.add(
                    "That they are there could not be noted, so rotate passwords will not renew"
                            + " them: "
                            + e);
        }
        console.print(lines);
        return ExitCode.DONE;
    }

    /** After an operation that was gone on with, or was taken back. */
    void afterOperation(long number) {
        String rotation = new Command.RotatePasswords().toString();
        if (cluster.operation(number)
                .map(OperationView::header)
                .filter(header -> header.command().equals(rotation))
                .filter(header -> header.state() == OperationHeader.State.DONE)
                .isPresent()) {
            afterRotation();
        }
    }

    void afterRotation() {
        ClientLogin login;
        try {
            login = cluster.clientLogin();
        } catch (RefusedException noCoordinators) {
            return;
        } catch (StoreException e) {
            console.report(
                    "Notice: the files of clients have the old password still: "
                            + e.getMessage()
                            + "; later, for each directory: access DIR");
            return;
        }
        WrittenAccess.Renewed renewed = written.renew(login);
        if (!renewed.written().isEmpty()) {
            console.print(
                    List.of(
                            "The new password of "
                                    + login.role()
                                    + " is in "
                                    + renewed.written().stream()
                                            .map(Path::toString)
                                            .collect(Collectors.joining(", "))
                                    + "."));
        }
        renewed.failed()
                .forEach(
                        why ->
                                console.report(
                                        "Notice: a client's file still has the old password: "
                                                + why));
        console.report(
                "Notice: the password of "
                        + login.role()
                        + " is another one: sessions stay, but clients that have it from elsewhere"
                        + " can log in again only once they are given the new one; access DIR"
                        + " writes it");
    }
}
