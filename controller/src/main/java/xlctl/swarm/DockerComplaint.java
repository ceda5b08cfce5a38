package xlctl.swarm;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import xlctl.swarm.DockerException.Kind;
import xlctl.topology.Problem;

/**
 * What Docker's error messages mean, and what to do about them. The texts are those of engines
 * 20.10 to 28.
 */
enum DockerComplaint {
    NOT_ALLOWED(
            "permission denied.* (docker API|Docker daemon)|connect: permission denied",
            Kind.UNREACHABLE,
            "be in the group of the engine's socket (docker, as a rule), or do this as root"),
    NOT_RUNNING(
            "Cannot connect to the Docker daemon|error during connect|failed to connect to the docker API"
                    + "|connection refused|unable to resolve docker endpoint",
            Kind.UNREACHABLE,
            "start the engine (systemctl start docker), or name another by DOCKER_HOST or docker context use"),
    NO_SWARM(
            "not a swarm manager. Use|not part of a swarm",
            Kind.REFUSED,
            "make a Swarm of this machine: docker swarm init --advertise-addr ADDRESS; or join one"),
    NOT_A_MANAGER(
            "not a swarm manager",
            Kind.REFUSED,
            "do this on a manager of the Swarm, or make this machine one: docker node promote"),
    LOCKED("needs to be unlocked", Kind.REFUSED, "unlock the Swarm: docker swarm unlock"),
    NO_LEADER(
            "does not have a leader|no elected primary",
            Kind.UNREACHABLE,
            "bring more of the Swarm's managers back; docker node ls shows them"),
    OUT_OF_SEQUENCE("update out of sequence", Kind.FAILED, "try again"),
    GONE(
            "(?i)no such (volume|service|container|network|secret|config|task|node|object)"
                    + "|(volume|service|container|network|secret|config|task|node) \\S+ not found"
                    + "|not found: \\S+",
            Kind.FAILED,
            "xlctl swarm init makes what a cluster needs"),
    NAME_TAKEN(
            "already exists|name conflicts with an existing",
            Kind.REFUSED,
            "look whose it is; remove it, or give the cluster another name"),
    IN_USE(
            "is in use|has active endpoints|resource busy",
            Kind.REFUSED,
            "remove first what uses it"),
    SUBNET(
            "[Pp]ool overlaps|invalid pool request|subnet overlap|could not find an available",
            Kind.REFUSED,
            "name a network that nothing uses with --subnet or --client-subnet"),
    NO_IMAGE(
            "[Nn]o such image|Unable to find image|pull access denied|manifest unknown",
            Kind.REFUSED,
            "make it with swarm/build-image, or docker pull it"),
    WRONG_VALUE("InvalidArgument|invalid argument|invalid reference format", Kind.REFUSED, ""),
    OTHER("", Kind.FAILED, "");

    private static final List<String> NOISE =
            List.of("WARNING:", "Run 'docker", "See 'docker", "exit status");

    private final Pattern pattern;
    private final Kind kind;
    private final String remedy;

    DockerComplaint(String pattern, Kind kind, String remedy) {
        this.pattern = Pattern.compile(pattern);
        this.kind = kind;
        this.remedy = remedy;
    }

    static DockerComplaint of(String text) {
        return Arrays.stream(values())
                .filter(complaint -> complaint.pattern.matcher(text).find())
                .findFirst()
                .orElse(OTHER);
    }

    /**
     * @param doing what was being done, to which named thing
     */
    static DockerException exception(String doing, String text) {
        DockerComplaint meant = of(text);
        return new DockerException(
                meant.kind, Problem.of(doing + ": " + words(text), meant.remedy));
    }

    /** In a line, without what Docker puts around it. */
    static String words(String text) {
        String words =
                text.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .filter(line -> NOISE.stream().noneMatch(line::startsWith))
                        .map(DockerComplaint::bare)
                        .collect(Collectors.joining("; "));
        return words.isEmpty() ? "docker failed and did not say why" : words;
    }

    private static String bare(String line) {
        return line.replaceFirst("^docker: ", "")
                .replaceFirst("^Error response from daemon: ", "")
                .replaceFirst("^rpc error: code = \\w+ desc = ", "");
    }
}
