package xlctl.swarm;

import java.util.Optional;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/** Where Docker cannot be asked at all. */
public final class NoServices implements MemberServices {
    private static final Problem WHY =
            Problem.of("this xlctl cannot ask Docker", "use machines: host accept HOST");

    @Override
    public SwarmView look() {
        return SwarmView.unusable(WHY);
    }

    @Override
    public void create(ServiceSpec spec) {
        throw new DockerException(DockerException.Kind.UNREACHABLE, WHY);
    }

    @Override
    public Optional<String> trouble(HostName host) {
        throw new DockerException(DockerException.Kind.UNREACHABLE, WHY);
    }

    @Override
    public void remove(HostName host) {
        throw new DockerException(DockerException.Kind.UNREACHABLE, WHY);
    }
}
