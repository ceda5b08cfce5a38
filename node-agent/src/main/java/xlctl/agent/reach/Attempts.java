package xlctl.agent.reach;

import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import xlctl.agent.api.Destination;
import xlctl.agent.api.Reply;
import xlctl.topology.HostName;

/**
 * Tries destinations from this host, all at the same time, as a client would that connects and
 * leaves when it was greeted. Names are looked up before that, for as long as one of them has
 * patience. The whole takes little more than twice that, however many are silent. The caller's
 * thread does it.
 */
public final class Attempts {
    /** Connections that are open together: an agent may have few files. */
    private static final int AT_ONCE = 256;

    private final List<Destination> destinations;
    private final Duration patience;
    private final Map<HostName, Lookups.Found> addresses;
    private final long lastStart;
    private final Reply.Attempt[] results;
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private final Map<Integer, Contact> open = new HashMap<>();

    private Attempts(List<Destination> destinations, Duration patience)
            throws InterruptedException {
        this.destinations = destinations;
        this.patience = patience;
        this.lastStart = System.nanoTime() + patience.toNanos() * 5 / 4;
        this.results = new Reply.Attempt[destinations.size()];
        this.addresses =
                Lookups.of(
                        destinations.stream().map(each -> each.address().host()).toList(),
                        patience);
        IntStream.range(0, results.length).forEach(waiting::add);
    }

    /**
     * What became of each, in their order.
     *
     * @throws IOException when this host cannot wait for connections
     */
    public static List<Reply.Attempt> at(List<Destination> destinations, Duration patience)
            throws IOException, InterruptedException {
        Attempts attempts = new Attempts(destinations, patience);
        attempts.run();
        return List.of(attempts.results);
    }

    private void run() throws IOException, InterruptedException {
        try (Selector selector = Selector.open()) {
            while (!waiting.isEmpty() || !open.isEmpty()) {
                begin(selector);
                if (open.values().stream().noneMatch(contact -> contact.result().isPresent())) {
                    selector.select(
                            key -> ((Contact) key.attachment()).proceed(key), millisUntilOverdue());
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException("others are not tried any more");
                }
                collect();
            }
        } finally {
            open.values().forEach(Contact::close);
        }
    }

    /** As many as may be open; once it is too late those that are left fail. */
    private void begin(Selector selector) {
        while (!waiting.isEmpty() && open.size() < AT_ONCE) {
            int next = waiting.remove();
            Destination destination = destinations.get(next);
            Lookups.Found found = addresses.get(destination.address().host());
            if (found.address().isEmpty()) {
                fail(next, found.trouble());
            } else if (System.nanoTime() - lastStart >= 0) {
                fail(next, "not tried: too many others do not answer");
            } else {
                try {
                    open.put(next, new Contact(destination, found.address().get(), selector));
                } catch (IOException e) {
                    fail(next, "this host has no socket left: " + e.getMessage());
                }
            }
        }
    }

    private void fail(int number, String trouble) {
        results[number] =
                new Reply.Attempt(
                        destinations.get(number).address(), Duration.ZERO, Optional.of(trouble));
    }

    /** At least one: zero would be forever. */
    private long millisUntilOverdue() {
        long now = System.nanoTime();
        long nanos =
                open.values().stream()
                        .mapToLong(contact -> patience.toNanos() - (now - contact.began()))
                        .min()
                        .orElse(0);
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }

    private void collect() {
        long now = System.nanoTime();
        Iterator<Map.Entry<Integer, Contact>> contacts = open.entrySet().iterator();
        while (contacts.hasNext()) {
            Map.Entry<Integer, Contact> each = contacts.next();
            each.getValue().endIfOverdue(now, patience);
            Optional<Reply.Attempt> result = each.getValue().result();
            if (result.isPresent()) {
                results[each.getKey()] = result.get();
                contacts.remove();
            }
        }
    }
}
