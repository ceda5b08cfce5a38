package xlctl.agent.host;

import java.io.IOException;
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
import xlctl.text.FileTrouble;
import xlctl.topology.InstanceName;
import xlctl.topology.Problem;

/**
 * Ends removals of instances that were interrupted: by a crash of the agent, or by a directory that
 * could not be deleted, which is tried until it can. One thread, and one more for each instance
 * while it works: deleting much takes long, and keeps nobody else waiting.
 */
final class Removals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Removals.class);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

    private final Instances instances;
    private final ExecutorService workers;
    private final Runnable changed;
    private final Loop loop = new Loop("xlctl-removals", Duration.ZERO, this::round);
    private final Map<InstanceName, Problem> problems = new ConcurrentSkipListMap<>();

    // Of the loop's thread alone.
    private final Map<InstanceName, Future<?>> underWay = new HashMap<>();

    /**
     * @param changed called when what is in the way has changed; must not block
     */
    Removals(Instances instances, ExecutorService workers, Runnable changed) {
        this.instances = instances;
        this.workers = workers;
        this.changed = changed;
    }

    void start() {
        loop.start();
    }

    /** What keeps instances from being removed. */
    Collection<Problem> problems() {
        return List.copyOf(problems.values());
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
            if (instance.isBeingRemoved()) {
                underWay.computeIfAbsent(
                        instance.name(), name -> workers.submit(() -> finish(instance)));
            }
        }
        if (problems.keySet().removeIf(name -> instances.find(name).isEmpty())) {
            changed.run();
        }
        return TRY_AGAIN;
    }

    private void finish(HostedInstance instance) {
        try {
            instances.finishRemoval(instance);
        } catch (IOException e) {
            failed(instance, e, FileTrouble.named(e));
        } catch (EngineException | RuntimeException e) {
            failed(instance, e, e.getMessage());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void failed(HostedInstance instance, Exception e, String why) {
        Problem problem =
                Problem.of(
                        instance.name()
                                + " is to be removed, but "
                                + instance.record().dataDirectory()
                                + " cannot be: "
                                + why,
                        "see to it that the agent may delete it: it tries again and again");
        if (!problem.equals(problems.put(instance.name(), problem))) {
            LOG.error("removing " + instance.record().dataDirectory(), e);
            changed.run();
        }
    }
}
