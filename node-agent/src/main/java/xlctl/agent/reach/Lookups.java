package xlctl.agent.reach;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import xlctl.topology.HostName;

/** The addresses of hosts, looked up at the same time. */
final class Lookups {
    private static final int AT_ONCE = 32;

    private Lookups() {}

    /**
     * What a name stands for.
     *
     * @param trouble why it has no address; empty when it has one
     */
    record Found(Optional<InetAddress> address, String trouble) {}

    /** One that is not looked up in time is given up; the resolver goes on by itself. */
    static Map<HostName, Found> of(Collection<HostName> hosts, Duration patience)
            throws InterruptedException {
        List<HostName> names = List.copyOf(new LinkedHashSet<>(hosts));
        if (names.isEmpty()) {
            return Map.of();
        }
        ExecutorService resolvers =
                Executors.newFixedThreadPool(
                        Math.min(AT_ONCE, names.size()),
                        lookup -> {
                            Thread thread = new Thread(lookup, "xlctl-lookup");
                            thread.setDaemon(true);
                            return thread;
                        });
        try {
            List<Future<Found>> answers =
                    resolvers.invokeAll(
                            names.stream().<Callable<Found>>map(name -> () -> find(name)).toList(),
                            patience.toNanos(),
                            TimeUnit.NANOSECONDS);
            Map<HostName, Found> found = new HashMap<>();
            for (int each = 0; each < names.size(); each++) {
                found.put(names.get(each), found(names.get(each), answers.get(each), patience));
            }
            return found;
        } finally {
            resolvers.shutdownNow();
        }
    }

    private static Found find(HostName name) {
        try {
            return new Found(Optional.of(InetAddress.getByName(name.value())), "");
        } catch (UnknownHostException e) {
            return new Found(Optional.empty(), "the name " + name + " has no address");
        }
    }

    private static Found found(HostName name, Future<Found> answer, Duration patience)
            throws InterruptedException {
        try {
            return answer.get();
        } catch (CancellationException e) {
            return new Found(
                    Optional.empty(),
                    "the name " + name + " is not looked up within " + Contact.text(patience));
        } catch (ExecutionException e) {
            throw new IllegalStateException("looking up " + name, e.getCause());
        }
    }
}
