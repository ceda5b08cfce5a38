package xlctl.monitor;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import xlctl.agent.api.Reply;
import xlctl.store.HostRecord;
import xlctl.store.Presence;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/**
 * One host: registered, present, or both.
 *
 * @param record empty for an agent that offers itself and was not accepted
 * @param presence empty while its agent is not connected to ZooKeeper
 * @param report what the agent answered
 * @param unreachable why it did not
 */
public record HostView(
        HostName host,
        Optional<HostRecord> record,
        Optional<Presence> presence,
        Optional<Reply.HostReport> report,
        Optional<Problem> unreachable) {
    public HostView {
        requireNonNull(host, "host is null");
        requireNonNull(record, "record is null");
        requireNonNull(presence, "presence is null");
        requireNonNull(report, "report is null");
        requireNonNull(unreachable, "unreachable is null");
    }

    /** What is amiss there, as its agent says over ZooKeeper: also one with an unknown key may. */
    public List<String> claims() {
        return presence.stream()
                .flatMap(present -> present.problems().stream())
                .map(problem -> "its agent says: " + problem)
                .toList();
    }

    /** Whether the agent offers another SSH host key than the accepted one. */
    public boolean keyChanged() {
        return record.isPresent()
                && presence.isPresent()
                && !record.get().hostKey().equals(presence.get().hostKey());
    }
}
