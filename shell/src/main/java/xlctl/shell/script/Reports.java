package xlctl.shell.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import xlctl.agent.api.Reply;
import xlctl.controller.ControllerSettings;
import xlctl.controller.ExitCode;
import xlctl.monitor.HostLogs;
import xlctl.session.OwnKey;
import xlctl.shell.access.PrivateFiles;
import xlctl.shell.answer.Answer;
import xlctl.shell.answer.ConfigAnswer;
import xlctl.shell.answer.Format;
import xlctl.shell.answer.HostsAnswer;
import xlctl.shell.answer.OperationAnswer;
import xlctl.shell.answer.OperationsAnswer;
import xlctl.shell.answer.StatusAnswer;
import xlctl.shell.render.AnswerWriter;
import xlctl.shell.render.Screen;
import xlctl.shell.report.Bundle;
import xlctl.shell.report.Redaction;
import xlctl.shell.settings.ProgramVersion;
import xlctl.shell.settings.Settings;
import xlctl.store.IdentityFile;
import xlctl.store.OperationHeader;
import xlctl.text.NewFile;
import xlctl.topology.Secret;

/** {@code report}: what a report of a fault needs, as far as it can be had, in a file. */
final class Reports {
    /** Of each log, its end. */
    private static final int LOG_BYTES = 256 * 1024;

    /** The newest, with their steps. */
    private static final int OPERATIONS = 20;

    private final Console console;
    private final Settings settings;
    private final Supplier<ClusterControl> cluster;
    private final Clock clock;
    private final List<String> missing = new ArrayList<>();

    Reports(Console console, Settings settings, Supplier<ClusterControl> cluster, Clock clock) {
        this.console = console;
        this.settings = settings;
        this.cluster = cluster;
        this.clock = clock;
    }

    ExitCode write(Item item, Path file) {
        if (Files.exists(file)) {
            return there(item, file);
        }
        Instant now = clock.instant();
        Bundle bundle = gathered();
        bundle.add("README.txt", explained(now));
        try {
            PrivateFiles.create(file, bundle.zip("xlctl-report", now));
        } catch (FileAlreadyExistsException e) {
            return there(item, file);
        } catch (IOException e) {
            console.report(
                    item.where()
                            + ": report: "
                            + file
                            + " cannot be written: "
                            + NewFile.trouble(e));
            return ExitCode.NOT_AS_ASKED;
        }
        console.print(file + ": " + bundle.size() + " texts");
        missing.forEach(each -> console.report("Notice: not in it: " + each));
        console.report(
                "The cluster's own passwords and keys are not in it; those of your users are hidden"
                        + " where they look like such. Names, addresses and statements are in it: read"
                        + " it before you give it away.");
        return ExitCode.DONE;
    }

    private ExitCode there(Item item, Path file) {
        console.report(
                item.where() + ": report: refused: " + file + " is there already: name a new file");
        return ExitCode.REFUSED;
    }

    private Bundle gathered() {
        List<Secret> secrets = new ArrayList<>();
        attempt("secrets of this home", () -> secrets.addAll(ofHome(settings.forController())));
        Optional<ClusterControl> control = connected();
        boolean known =
                control.isPresent()
                        && attempt("logs", () -> secrets.addAll(control.get().secrets()));
        Bundle bundle = new Bundle(new Redaction(secrets));
        bundle.add("versions.txt", versions());
        bundle.add("settings.json", json(Reading.settings(settings)));
        control.ifPresent(found -> addCluster(bundle, found));
        if (known) {
            attempt("logs", () -> control.get().logs(LOG_BYTES).forEach(host -> add(bundle, host)));
        }
        return bundle;
    }

    private Optional<ClusterControl> connected() {
        try {
            return Optional.of(cluster.get());
        } catch (RuntimeException e) {
            miss("everything of the cluster, and all logs", e);
            return Optional.empty();
        }
    }

    private void addCluster(Bundle bundle, ClusterControl control) {
        attempt(
                "status",
                () ->
                        bundle.add(
                                "status.json",
                                json(StatusAnswer.of(control.look(), control.store()))));
        attempt(
                "topology",
                () ->
                        bundle.add(
                                "topology.json",
                                json(
                                        ConfigAnswer.everything(
                                                control.look(), settings.home().directory()))));
        attempt("hosts", () -> bundle.add("hosts.json", json(HostsAnswer.of(control.hosts()))));
        attempt("operations", () -> addOperations(bundle, control));
    }

    private static void addOperations(Bundle bundle, ClusterControl control) {
        List<OperationHeader> all = control.operations();
        bundle.add("operations.json", json(OperationsAnswer.of(all)));
        all.stream()
                .skip(Math.max(0, all.size() - OPERATIONS))
                .flatMap(header -> control.operation(header.number()).stream())
                .forEach(
                        operation ->
                                bundle.add(
                                        "operations/" + operation.header().number() + ".json",
                                        json(OperationAnswer.of(operation))));
    }

    private void add(Bundle bundle, HostLogs host) {
        for (Reply.LogEnd log : host.logs()) {
            bundle.add("logs/" + host.host() + "/" + log.owner() + "/" + log.name(), log.text());
        }
        host.missing().forEach(each -> missing.add("host " + host.host() + ": " + each));
    }

    /** What else a text may have in it. Of a file that cannot be used, nothing was used. */
    private static List<Secret> ofHome(ControllerSettings home) {
        try {
            OwnKey key = new OwnKey(home.sshKey());
            List<Secret> secrets = new ArrayList<>();
            secrets.add(IdentityFile.read(home.identityFile()).password());
            for (Path file : List.of(key.file(), key.freshFile(), key.formerFile())) {
                if (file.equals(key.file()) || Files.exists(file)) {
                    Files.readAllLines(file).stream()
                            .filter(line -> !line.isEmpty() && !line.startsWith("-----"))
                            .map(Secret::new)
                            .forEach(secrets::add);
                }
            }
            return secrets;
        } catch (IOException e) {
            throw new UncheckedIOException("the SSH key cannot be read", e);
        }
    }

    /** Whether it worked; if not, why is told. */
    private boolean attempt(String what, Runnable part) {
        try {
            part.run();
            return true;
        } catch (RuntimeException e) {
            miss(what, e);
            return false;
        }
    }

    private void miss(String what, RuntimeException why) {
        missing.add(String.join("; ", Failure.of(why, what).lines()));
    }

    private static String json(Answer answer) {
        StringBuilder text = new StringBuilder();
        new AnswerWriter(
                        line -> text.append(line).append('\n'),
                        line -> text.append(line).append('\n'),
                        Screen.PLAIN)
                .write(answer, Format.JSON);
        return text.toString();
    }

    private static String versions() {
        return "xlctl "
                + ProgramVersion.number()
                + "\nJava "
                + Runtime.version()
                + "\n"
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + " "
                + System.getProperty("os.arch")
                + "\n";
    }

    private String explained(Instant now) {
        return "A report of xlctl, made at "
                + now
                + ".\nPasswords and keys have been replaced by ********.\n"
                + (missing.isEmpty()
                        ? "Nothing is missing.\n"
                        : "Not in it:\n- " + String.join("\n- ", missing) + "\n");
    }
}
