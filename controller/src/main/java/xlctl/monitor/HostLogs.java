package xlctl.monitor;

import static java.util.Objects.requireNonNull;

import java.util.List;
import xlctl.agent.api.Reply;
import xlctl.topology.HostName;

/**
 * The ends of a host's logs. They are as they were written: nothing has been made unreadable in
 * them.
 *
 * @param missing what is not among them, and why
 */
public record HostLogs(HostName host, List<Reply.LogEnd> logs, List<String> missing) {
    public HostLogs {
        requireNonNull(host, "host is null");
        logs = List.copyOf(logs);
        missing = List.copyOf(missing);
    }
}
