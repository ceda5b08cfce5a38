package xlctl.agent.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import xlctl.agent.engine.Site;
import xlctl.topology.InstanceName;
import xlctl.topology.Problem;

/**
 * What is amiss when a host comes up without what it had: its volume was lost, or another is there
 * in its stead. Nothing is made anew in such a place: who reads from it would take it for the data.
 */
final class ReplacedVolume {
    private static final String REMEDY =
            "restore the volume, the agent's state and the data together; nothing is made anew in"
                    + " its stead";

    private ReplacedVolume() {}

    /** The topology has an instance here that this host does not know. */
    static Problem noRecord(InstanceName instance) {
        return Problem.of(
                "the topology places "
                        + instance
                        + " here, but this host has no record of it: was its volume replaced?",
                REMEDY);
    }

    /**
     * What an instance that was made here no longer has; empty when its data are there.
     *
     * @param mark a file that every finished data directory of its engine has
     */
    static Optional<Problem> lostData(Site site, Path mark) {
        return Stream.concat(Stream.of(mark), site.walDirectory().stream())
                .filter(Files::notExists)
                .findFirst()
                .map(
                        missing ->
                                Problem.of(
                                        site.spec().instance().name()
                                                + " was made in "
                                                + site.dataDirectory()
                                                + ", but "
                                                + missing
                                                + " is not there: was its volume replaced?",
                                        REMEDY));
    }
}
