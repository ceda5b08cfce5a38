package xlctl.monitor;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.Reply;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Problem;

/**
 * What reading and writing through a coordinator came to.
 *
 * @param trouble which of them fails and why, in a line; empty when both work
 */
public record DeepView(InstanceName coordinator, Optional<String> trouble) {
    public DeepView {
        requireNonNull(coordinator, "coordinator is null");
        requireNonNull(trouble, "trouble is null");
    }

    /**
     * How a deep check ended.
     *
     * @param reply null when it failed or took too long
     * @param error null when it did not fail
     */
    static DeepView of(Instance coordinator, Reply reply, Throwable error, Duration waited) {
        if (reply instanceof Reply.DeepReport report) {
            return new DeepView(coordinator.name(), trouble(report));
        }
        if (reply instanceof Reply.Failed failed) {
            return untried(coordinator.name(), failed.problems().get(0));
        }
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        return untried(
                coordinator.name(),
                cause instanceof AgentUnreachableException unreachable
                        ? unreachable.problem()
                        : Seen.silence(coordinator.host(), waited));
    }

    static DeepView untried(InstanceName coordinator, Problem why) {
        return new DeepView(
                coordinator,
                Optional.of("whether reads and writes work was not found out: " + why.what()));
    }

    private static Optional<String> trouble(Reply.DeepReport report) {
        Optional<String> read = report.readTrouble();
        Optional<String> write = report.writeTrouble();
        if (read.isEmpty()) {
            return write.map(why -> "reads work, writes fail: " + why);
        }
        if (write.isEmpty()) {
            return read.map(why -> "reads fail, writes work: " + why);
        }
        return Optional.of(
                read.equals(write)
                        ? "reads and writes fail: " + read.get()
                        : "reads fail: " + read.get() + "; writes fail: " + write.get());
    }
}
