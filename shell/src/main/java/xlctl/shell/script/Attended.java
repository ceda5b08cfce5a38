package xlctl.shell.script;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import xlctl.shell.render.Screen;

/**
 * Work that changes nothing and that a person may stop waiting for, also while it hangs: it goes on
 * by itself until it notices, and nobody hears of it any more. Used by one thread, but for {@link
 * #abandon()}.
 */
final class Attended {
    /** Nobody waits for it any longer. */
    static final class AbandonedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class Attendant extends Thread {
        volatile boolean abandoned;

        Attendant(Runnable work) {
            super(work, "reading");
            setDaemon(true);
        }
    }

    private record Work(Attendant attendant, CompletableFuture<Object> result) {}

    private volatile Optional<Work> current = Optional.empty();

    /**
     * @throws AbandonedException when it was abandoned before it ended
     */
    @SuppressWarnings("unchecked") // What the supplier gave is what comes out.
    <T> T run(Supplier<T> work) {
        CompletableFuture<Object> result = new CompletableFuture<>();
        Attendant attendant =
                new Attendant(
                        () -> {
                            try {
                                result.complete(work.get());
                            } catch (Throwable e) {
                                result.completeExceptionally(e);
                            }
                        });
        current = Optional.of(new Work(attendant, result));
        try {
            attendant.start();
            return (T) result.join();
        } catch (CompletionException e) {
            throw unwrapped(e);
        } finally {
            current = Optional.empty();
        }
    }

    /**
     * Has {@link #run} return at once. May be called from any thread.
     *
     * @return whether there was something to abandon
     */
    boolean abandon() {
        Optional<Work> work = current;
        work.ifPresent(
                each -> {
                    each.attendant().abandoned = true;
                    each.result().completeExceptionally(new AbandonedException());
                    each.attendant().interrupt();
                });
        return work.isPresent();
    }

    /** A console for what runs here: it is silent once that is abandoned. */
    static Console heeding(Console console) {
        return new Console() {
            @Override
            public void print(String line) {
                if (heard()) {
                    console.print(line);
                }
            }

            @Override
            public void report(String line) {
                if (heard()) {
                    console.report(line);
                }
            }

            @Override
            public Optional<Boolean> confirm(String question) {
                return console.confirm(question);
            }

            @Override
            public Optional<String> secret(String question) {
                return console.secret(question);
            }

            @Override
            public boolean isBroken() {
                return !heard() || console.isBroken();
            }

            @Override
            public Screen screen() {
                return console.screen();
            }

            @Override
            public List<String> history() {
                return console.history();
            }
        };
    }

    private static boolean heard() {
        return !(Thread.currentThread() instanceof Attendant attendant) || !attendant.abandoned;
    }

    private static RuntimeException unwrapped(CompletionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof RuntimeException cause ? cause : e;
    }
}
