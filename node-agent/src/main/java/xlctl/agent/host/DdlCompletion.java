package xlctl.agent.host;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.engine.EngineException;
import xlctl.topology.InstanceName;
import xlctl.topology.Problem;

/**
 * Has every server that runs finish what interrupted DDL left on it, whether ZooKeeper is there or
 * not. One thread, and one more for each instance while it works: a server that waits for others
 * keeps nobody else waiting.
 */
final class DdlCompletion implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DdlCompletion.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Instances instances;
    private final ExecutorService workers;
    private final Runnable changed;
    private final Loop loop = new Loop("xlctl-leftover-ddl", LOOK_AGAIN, this::round);
    private final Map<InstanceName, List<Problem>> problems = new ConcurrentSkipListMap<>();

    // Of the loop's thread alone.
    private final Map<InstanceName, Future<?>> underWay = new HashMap<>();

    /**
     * @param changed called when what is in the way has changed; must not block
     */
    DdlCompletion(Instances instances, ExecutorService workers, Runnable changed) {
        this.instances = instances;
        this.workers = workers;
        this.changed = changed;
    }

    void start() {
        loop.start();
    }

    /** What keeps DDL that is prepared on servers of this host from being finished. */
    Collection<Problem> problems() {
        return problems.values().stream().flatMap(List::stream).toList();
    }

    boolean isAtWork() {
        return loop.isAtWork();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Duration round(boolean woken) {
        underWay.values().removeIf(Future::isDone);
        for (HostedInstance instance : instances.all()) {
            underWay.computeIfAbsent(instance.name(), name -> workers.submit(() -> look(instance)));
        }
        problems.keySet().removeIf(name -> instances.find(name).isEmpty());
        return LOOK_AGAIN;
    }

    private void look(HostedInstance instance) {
        List<Problem> found;
        try {
            instance.finishDdl();
            found = List.of();
        } catch (EngineException e) {
            found = e.problems();
        } catch (RuntimeException | Error e) {
            LOG.error("finishing DDL on " + instance.name(), e);
            return;
        }
        List<Problem> before = problems.getOrDefault(instance.name(), List.of());
        if (!found.equals(before)) {
            problems.put(instance.name(), found);
            found.forEach(problem -> LOG.warn("{}", problem));
            changed.run();
        }
    }
}
