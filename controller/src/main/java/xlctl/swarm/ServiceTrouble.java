package xlctl.swarm;

import java.util.List;
import java.util.Optional;

/** What keeps a service from running, as its tasks show it. Pure. */
final class ServiceTrouble {
    /** One end can be an accident; the next one makes it a rule. */
    private static final int ENDS_TO_TELL = 2;

    private ServiceTrouble() {}

    /**
     * @param tasks of one service, newest first
     * @return empty while it runs or is on its way
     */
    static Optional<String> of(List<Docker.Task> tasks) {
        List<Docker.Task> wanted = tasks.stream().filter(Docker.Task::wanted).toList();
        if (wanted.stream().anyMatch(Docker.Task::running)) {
            return Optional.empty();
        }
        Optional<String> unplaced =
                wanted.stream()
                        .filter(task -> task.state().equals("pending"))
                        .flatMap(task -> task.error().stream())
                        .findFirst();
        if (unplaced.isPresent()) {
            return unplaced;
        }
        Optional<Docker.Task> rejected =
                tasks.stream().filter(task -> task.state().equals("rejected")).findFirst();
        if (rejected.isPresent()) {
            return rejected.get().error().or(() -> Optional.of("rejected by its machine"));
        }
        List<Docker.Task> failed =
                tasks.stream()
                        .filter(
                                task ->
                                        task.state().equals("failed")
                                                || task.state().equals("complete"))
                        .toList();
        return failed.size() < ENDS_TO_TELL
                ? Optional.empty()
                : Optional.of(
                        "it ended "
                                + failed.size()
                                + " times, the last time with: "
                                + failed.get(0).error().orElse("exit code 0"));
    }
}
