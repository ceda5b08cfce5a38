package xlctl.swarm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import xlctl.topology.Cidr;
import xlctl.topology.Problem;

/**
 * What stands against setting up a cluster, found before anything is made. Pure.
 *
 * @param networks all that there are
 * @param severalNodes whether the Swarm has more machines than this
 * @param encryptionTrouble why the kernel cannot encrypt
 */
record SetupChecks(
        SwarmNames names,
        SwarmSetup.Wish wish,
        Belongings there,
        List<Docker.Network> networks,
        boolean severalNodes,
        Optional<String> encryptionTrouble) {
    /** Docker's limit on the names of secrets. */
    private static final int LONGEST_NAME = 64;

    /** Every reason not to begin. */
    List<Problem> reasons() {
        List<Problem> reasons = new ArrayList<>();
        if (names.secret(SwarmFiles.ZOOKEEPER_IDENTITY).length() > LONGEST_NAME) {
            reasons.add(
                    Problem.of(
                            "the cluster's name is too long for Docker's secrets: "
                                    + names.secret(SwarmFiles.ZOOKEEPER_IDENTITY)
                                    + " has more than "
                                    + LONGEST_NAME
                                    + " characters",
                            "choose a shorter one"));
        }
        strangers().forEach(reasons::add);
        subnet(names.clusterNetwork(), wish.clusterSubnet(), "--subnet").ifPresent(reasons::add);
        subnet(names.clientNetwork(), wish.clientSubnet(), "--client-subnet")
                .ifPresent(reasons::add);
        if (overlap(wish.clusterSubnet(), wish.clientSubnet())) {
            reasons.add(
                    Problem.of(
                            "the networks of --subnet and --client-subnet overlap",
                            "name two that have no address in common"));
        }
        for (ClusterKeys keys : ClusterKeys.values()) {
            lostHalf(keys).ifPresent(reasons::add);
        }
        encryption().ifPresent(reasons::add);
        return reasons;
    }

    /** What is made all the same, but should be known. */
    List<Problem> warnings() {
        if (encryptionTrouble.isEmpty()) {
            return there
                    .network(names.clusterNetwork())
                    .filter(network -> !network.encrypted())
                    .map(
                            network ->
                                    Problem.of(
                                            "the network " + network.name() + " is not encrypted",
                                            "to have it so: swarm down, then swarm init"))
                    .stream()
                    .toList();
        }
        return List.of(
                encrypts()
                        ? Problem.of(
                                "the kernel here cannot encrypt ("
                                        + encryptionTrouble.get()
                                        + "): the network "
                                        + names.clusterNetwork()
                                        + " is right on this machine alone, which its traffic does"
                                        + " not leave; a second machine of the Swarm would get no"
                                        + " data through it",
                                "before others join, run a kernel with ESP (CONFIG_INET_ESP) and"
                                        + " AES-GCM")
                        : Problem.of(
                                "the network "
                                        + names.clusterNetwork()
                                        + " is NOT encrypted: who sees the traffic between the"
                                        + " machines of the Swarm can read it, passwords and rows"
                                        + " included",
                                "run kernels with ESP (CONFIG_INET_ESP) and AES-GCM, then swarm"
                                        + " down and swarm init"));
    }

    /** Whether the cluster's network is to be, or is, encrypted from machine to machine. */
    boolean encrypts() {
        return there.network(names.clusterNetwork())
                .map(Docker.Network::encrypted)
                .orElse(encryptionTrouble.isEmpty() || !severalNodes);
    }

    private Stream<Problem> strangers() {
        List<String> wanted =
                List.of(
                        "network " + names.clusterNetwork(),
                        "network " + names.clientNetwork(),
                        "secret " + names.secret(SwarmFiles.SSH_KEY),
                        "secret " + names.secret(SwarmFiles.ZOOKEEPER_IDENTITY),
                        "secret " + names.secret(SwarmFiles.AGENT_IDENTITY),
                        "config " + names.secret(SwarmFiles.AUTHORIZED_KEYS),
                        "service " + names.service(SwarmNames.ZOOKEEPER),
                        "service " + names.service(SwarmNames.CONTROL),
                        "volume " + names.volume(SwarmNames.ZOOKEEPER),
                        "volume " + names.volume(SwarmNames.CONTROL));
        return there.strangers().stream()
                .filter(wanted::contains)
                .map(
                        stranger ->
                                Problem.of(
                                        "there is a "
                                                + stranger
                                                + " in Docker that xlctl did not make for this"
                                                + " cluster",
                                        "remove it, or choose another name for the cluster"));
    }

    private Optional<Problem> subnet(String network, Optional<Cidr> wanted, String option) {
        Optional<Docker.Network> existing = there.network(network);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        if (existing.isPresent()) {
            return existing.get().subnets().contains(wanted.get())
                    ? Optional.empty()
                    : Optional.of(
                            Problem.of(
                                    "the network "
                                            + network
                                            + " is there already with the subnet "
                                            + texts(existing.get().subnets())
                                            + ", not "
                                            + wanted.get(),
                                    "leave out " + option + ", or swarm down first"));
        }
        return networks.stream()
                .filter(
                        other ->
                                other.subnets().stream()
                                        .anyMatch(subnet -> subnet.overlaps(wanted.get())))
                .findFirst()
                .map(
                        other ->
                                Problem.of(
                                        "the subnet "
                                                + wanted.get()
                                                + " of "
                                                + option
                                                + " overlaps that of Docker's network "
                                                + other.name()
                                                + ", "
                                                + texts(other.subnets()),
                                        "name another, or leave " + option + " out"));
    }

    /** New keys would lock out those who have the old ones. */
    private Optional<Problem> lostHalf(ClusterKeys keys) {
        List<String> missing =
                keys.files().stream()
                        .map(names::secret)
                        .filter(name -> !there.hasFile(name))
                        .toList();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        List<String> holders = new ArrayList<>(there.services());
        there.volumes().forEach(volume -> holders.add("the volume " + volume));
        return holders.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Problem.of(
                                String.join(" and ", missing)
                                        + (missing.size() == 1 ? " is" : " are")
                                        + " missing in Docker, while "
                                        + String.join(", ", holders)
                                        + " were made with the keys that are lost",
                                "swarm down removes them with all their data; then swarm init"));
    }

    private Optional<Problem> encryption() {
        boolean decided = there.network(names.clusterNetwork()).isPresent();
        return encryptionTrouble
                .filter(why -> !decided && !wish.allowUnencrypted())
                .map(
                        why ->
                                Problem.of(
                                        "the kernel here cannot encrypt the traffic of the"
                                                + " cluster's network: "
                                                + why,
                                        "run a kernel with ESP (CONFIG_INET_ESP) and AES-GCM; or"
                                                + " give --allow-unencrypted"));
    }

    private static boolean overlap(Optional<Cidr> some, Optional<Cidr> other) {
        return some.isPresent() && other.isPresent() && some.get().overlaps(other.get());
    }

    private static String texts(List<Cidr> subnets) {
        return String.join(", ", subnets.stream().map(Cidr::value).toList());
    }
}
