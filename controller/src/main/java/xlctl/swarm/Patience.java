package xlctl.swarm;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import xlctl.topology.Problem;

/**
 * How long to wait for what Docker does later.
 *
 * @param start for a service to run
 * @param end for services to be gone, beyond their stop grace
 * @param pause between two looks
 * @param cancelled whether to wait no longer
 */
record Patience(Duration start, Duration end, Duration pause, BooleanSupplier cancelled) {
    static final Patience USUAL =
            new Patience(
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(90),
                    Duration.ofMillis(200),
                    () -> false);

    Patience until(BooleanSupplier signal) {
        return new Patience(start, end, pause, signal);
    }

    /**
     * Looks until there is something.
     *
     * @throws DockerException when there is nothing within the limit
     */
    <T> T await(Duration limit, Supplier<Optional<T>> look, Supplier<Problem> tooLate) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (cancelled.getAsBoolean()) {
                throw interrupted();
            }
            if (System.nanoTime() - end > 0) {
                throw new DockerException(DockerException.Kind.FAILED, tooLate.get());
            }
            try {
                Thread.sleep(pause.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw interrupted();
            }
        }
    }

    /** Looks until it is so. */
    void await(Duration limit, BooleanSupplier look, Supplier<Problem> tooLate) {
        await(
                limit,
                () -> look.getAsBoolean() ? Optional.of(true) : Optional.<Boolean>empty(),
                tooLate);
    }

    private static DockerException interrupted() {
        return DockerException.failed("interrupted while waiting for Docker", "");
    }
}
