package xlctl.monitor;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import xlctl.topology.Instance;
import xlctl.topology.InstanceReport;
import xlctl.topology.NodeKind;
import xlctl.topology.Role;

/**
 * One instance: what the topology and node state want, and what was seen.
 *
 * @param role the role it should have
 * @param running whether its server answers, whoever was asked
 * @param source who said so
 * @param report what its agent says, when it answered
 * @param appliedTopology the version its catalogs match, when known
 * @param warnings why it is not as it should be although it may run: wrong role, not converged,
 *     unobservable
 */
public record MemberView(
        Instance instance,
        NodeKind kind,
        Role role,
        boolean running,
        Source source,
        Optional<InstanceReport> report,
        OptionalInt appliedTopology,
        List<String> warnings) {
    /** Who was asked about a member. */
    public enum Source {
        AGENT,
        /** The agent is silent: the server itself was asked. */
        SERVER,
        /** Neither answered. */
        NOBODY
    }

    public MemberView {
        requireNonNull(instance, "instance is null");
        requireNonNull(kind, "kind is null");
        requireNonNull(role, "role is null");
        requireNonNull(source, "source is null");
        requireNonNull(report, "report is null");
        requireNonNull(appliedTopology, "appliedTopology is null");
        warnings = List.copyOf(warnings);
    }

    /** The same, with one more thing that is not as it should be. */
    public MemberView warned(String warning) {
        List<String> all = new ArrayList<>(warnings);
        all.add(warning);
        return new MemberView(instance, kind, role, running, source, report, appliedTopology, all);
    }

    public boolean healthy() {
        return running && warnings.isEmpty();
    }
}
