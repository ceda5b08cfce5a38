package xlctl.swarm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import xlctl.topology.Problem;

/**
 * What one run has Docker make, and how each thing is taken away again, the last one first. Used by
 * one thread.
 */
final class Undoing {
    private final Consumer<String> progress;
    private final Deque<Undo> undos = new ArrayDeque<>();

    private record Undo(String what, Runnable work) {}

    /**
     * @param progress is told what is being made and undone
     */
    Undoing(Consumer<String> progress) {
        this.progress = progress;
    }

    void make(String what, Runnable work, Runnable undo) {
        progress.accept("making the " + what);
        // Before the work: Docker may have done what it did not come to answer for.
        undos.push(new Undo(what, undo));
        try {
            work.run();
        } catch (DockerException e) {
            if (e.kind() == DockerException.Kind.REFUSED) {
                // Docker did nothing: what has this name now is another's.
                undos.pop();
            }
            throw e;
        }
    }

    /**
     * Takes everything away.
     *
     * @return why, with what is left behind
     */
    RuntimeException after(RuntimeException cause) {
        List<Problem> left = new ArrayList<>();
        for (Undo undo : undos) {
            progress.accept("undoing the " + undo.what());
            try {
                undo.work().run();
            } catch (RuntimeException e) {
                cause.addSuppressed(e);
                left.add(
                        Problem.of(
                                "the " + undo.what() + " is left behind: " + e.getMessage(),
                                "swarm down removes it"));
            }
        }
        if (left.isEmpty() || !(cause instanceof DockerException docker)) {
            return cause;
        }
        List<Problem> all = new ArrayList<>(docker.problems());
        all.addAll(left);
        DockerException told = new DockerException(docker.kind(), all);
        told.addSuppressed(cause);
        return told;
    }
}
