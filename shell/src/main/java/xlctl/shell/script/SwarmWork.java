package xlctl.shell.script;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import xlctl.controller.ControllerSettings;
import xlctl.controller.ExitCode;
import xlctl.shell.language.Statement;
import xlctl.shell.render.ProblemText;
import xlctl.shell.render.SwarmText;
import xlctl.shell.settings.Settings;
import xlctl.swarm.Docker;
import xlctl.swarm.DockerException;
import xlctl.swarm.SwarmSettings;
import xlctl.swarm.SwarmSetup;
import xlctl.swarm.SwarmTakeDown;
import xlctl.topology.Problem;

/**
 * {@code swarm init} and {@code swarm down}. They need a manager of a Swarm, and no ZooKeeper:
 * there is none before the one and after the other.
 */
final class SwarmWork {
    /** Where the shell of the control service has its key, and no other shell. */
    private static final Path KEY_OF_CONTROL = Path.of("/run/secrets/ssh-key");

    private final Settings settings;
    private final Console console;
    private final Docker docker;
    private final BooleanSupplier cancelled;

    SwarmWork(Settings settings, Console console, Docker docker, BooleanSupplier cancelled) {
        this.settings = settings;
        this.console = console;
        this.docker = docker;
        this.cancelled = cancelled;
    }

    ExitCode init(Statement.SwarmInit statement) {
        requireOutside("swarm init");
        ControllerSettings controller = settings.forController();
        SwarmSettings services = settings.swarm();
        SwarmSetup.Wish wish =
                new SwarmSetup.Wish(
                        controller.engine(),
                        new SwarmSettings(
                                services.always(),
                                statement.image().orElse(services.image()),
                                services.limits(),
                                services.stopGrace()),
                        statement.allowUnencrypted(),
                        statement.subnet(),
                        statement.clientSubnet(),
                        controller.networks().clients());
        SwarmSetup.Result result =
                new SwarmSetup(docker, controller.cluster()).init(wish, console::report, cancelled);
        console.print(SwarmText.of(result, controller.cluster()));
        console.report(SwarmText.warnings(result.warnings()));
        return ExitCode.DONE;
    }

    ExitCode down(Item item, Statement.SwarmDown statement) {
        requireOutside("swarm down");
        SwarmTakeDown takeDown = new SwarmTakeDown(docker, settings.requiredCluster());
        List<String> things = takeDown.find();
        if (things.isEmpty()) {
            console.print("Docker has nothing of the cluster " + settings.requiredCluster() + ".");
            List<Problem> unseen = takeDown.unseen();
            if (!unseen.isEmpty()) {
                console.report(ProblemText.of(unseen));
            }
            return ExitCode.DONE;
        }
        if (!statement.yes()) {
            console.report("This removes, with all data of the cluster:");
            things.forEach(thing -> console.report("  " + thing));
            Optional<Boolean> answer = console.confirm("Remove all that? (y/n) ");
            if (answer.isEmpty()) {
                console.report(item.where() + ": swarm down: nobody can be asked here: give --yes");
                return ExitCode.MALFORMED;
            }
            if (!answer.get()) {
                console.report(item.where() + ": swarm down: nothing was removed");
                return ExitCode.REFUSED;
            }
        }
        List<Problem> left = takeDown.remove(console::report, cancelled);
        if (!left.isEmpty()) {
            console.report(
                    item.where()
                            + ": swarm down: what is on other machines cannot be removed from here");
            console.report(ProblemText.of(left));
            return ExitCode.NOT_AS_ASKED;
        }
        console.print("Removed " + String.join(", ", things) + ".");
        return ExitCode.DONE;
    }

    private void requireOutside(String what) {
        if (settings.forController().sshKey().equals(KEY_OF_CONTROL)) {
            throw new DockerException(
                    DockerException.Kind.REFUSED,
                    Problem.of(
                            what + " would end the container that this shell runs in",
                            "do it on the machine of the control service: xlctl --cluster "
                                    + settings.requiredCluster()
                                    + " "
                                    + what));
        }
    }
}
