package xlctl.shell.script;

import java.util.ArrayList;
import java.util.List;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.controller.ExitCode;
import xlctl.controller.RefusedException;
import xlctl.controller.UnreachableException;
import xlctl.shell.render.ProblemText;
import xlctl.shell.settings.SettingsException;
import xlctl.store.StoreException;
import xlctl.swarm.DockerException;
import xlctl.text.Quoted;
import xlctl.topology.InvalidValueException;

/**
 * An exception as an operator sees it.
 *
 * @param lines what to tell; the first begins with what was being done
 */
public record Failure(ExitCode exit, List<String> lines) {
    public Failure {
        lines = lines.stream().flatMap(String::lines).map(Quoted::line).toList();
    }

    /**
     * @param where what the message begins with
     */
    public static Failure of(RuntimeException e, String where) {
        if (e instanceof SettingsException settings) {
            return new Failure(
                    ExitCode.MALFORMED,
                    settings.problems().stream().map(text -> where + ": " + text).toList());
        } else if (e instanceof MalformedScriptException script) {
            return new Failure(ExitCode.MALFORMED, script.lines());
        } else if (e instanceof RefusedException refused) {
            List<String> lines = new ArrayList<>();
            lines.add(where + ": refused");
            lines.addAll(ProblemText.of(refused.problems()));
            return new Failure(ExitCode.REFUSED, lines);
        } else if (e instanceof UnreachableException unreachable) {
            List<String> lines = new ArrayList<>();
            lines.add(where + ": unreachable");
            lines.addAll(ProblemText.of(unreachable.problems()));
            return new Failure(ExitCode.UNREACHABLE, lines);
        } else if (e instanceof AgentUnreachableException agent) {
            List<String> lines = new ArrayList<>();
            lines.add(where + ": the agent of " + agent.host() + " cannot be reached");
            lines.addAll(ProblemText.of(List.of(agent.problem())));
            return new Failure(ExitCode.UNREACHABLE, lines);
        } else if (e instanceof StoreException store) {
            return new Failure(exit(store), List.of(where + ": " + store.getMessage()));
        } else if (e instanceof DockerException docker) {
            List<String> lines = new ArrayList<>();
            lines.add(
                    where
                            + (docker.kind() == DockerException.Kind.REFUSED
                                    ? ": refused"
                                    : ": Docker did not do it"));
            lines.addAll(ProblemText.of(docker.problems()));
            return new Failure(exit(docker), lines);
        } else if (e instanceof InvalidValueException) {
            return new Failure(ExitCode.MALFORMED, List.of(where + ": " + e.getMessage()));
        }
        return new Failure(
                ExitCode.NOT_AS_ASKED,
                List.of(
                        where + ": this is a fault of xlctl: " + e,
                        "XLCTL_DEBUG=1 in the environment shows where it happened."));
    }

    private static ExitCode exit(DockerException e) {
        return switch (e.kind()) {
            case UNREACHABLE -> ExitCode.UNREACHABLE;
            case REFUSED -> ExitCode.REFUSED;
            case FAILED -> ExitCode.NOT_AS_ASKED;
        };
    }

    private static ExitCode exit(StoreException e) {
        if (e instanceof StoreException.Unreachable) {
            return ExitCode.UNREACHABLE;
        }
        return e instanceof StoreException.Unreadable ? ExitCode.NOT_AS_ASKED : ExitCode.REFUSED;
    }
}
