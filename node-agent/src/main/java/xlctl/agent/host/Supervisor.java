package xlctl.agent.host;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.engine.EngineException;
import xlctl.text.FileTrouble;
import xlctl.topology.InstanceName;
import xlctl.topology.Problem;

/**
 * Keeps servers running that should run: looks at their processes a few times a second and starts
 * those that are dead, at once the first time, then after growing pauses. Also ends a login that
 * keeps a server from letting anybody in. One thread.
 */
final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** A server that ran this long has recovered. */
    private static final Duration STABLE = Duration.ofMinutes(1);

    private final Instances instances;
    private final StartPermission permission;
    private final Runnable changed;
    private final Loop loop = new Loop("xlctl-supervisor", Duration.ZERO, this::round);
    private final Map<InstanceName, Attempts> attempts = new ConcurrentSkipListMap<>();
    private final Map<InstanceName, Problem> problems = new ConcurrentSkipListMap<>();
    private final HungLogins logins = new HungLogins();

    /** Starts of a server one after the other; times are of {@link System#nanoTime}. */
    private record Attempts(int count, long last, long next) {
        static Attempts none(long now) {
            return new Attempts(0, now, now);
        }

        Attempts another(long now) {
            Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(count, 10));
            Duration bounded = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
            return new Attempts(count + 1, now, now + bounded.toNanos());
        }
    }

    /**
     * @param changed called when a server was found dead or was started; must not block
     */
    Supervisor(Instances instances, StartPermission permission, Runnable changed) {
        this.instances = instances;
        this.permission = permission;
        this.changed = changed;
    }

    void start() {
        loop.start();
    }

    /** What keeps servers from running that should run. */
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
        instances.all().forEach(this::look);
        problems.keySet().removeIf(name -> instances.find(name).isEmpty());
        attempts.keySet().removeIf(name -> instances.find(name).isEmpty());
        logins.forgetIf(name -> instances.find(name).isEmpty());
        return LOOK_AGAIN;
    }

    private void look(HostedInstance instance) {
        instance.ddl().expire();
        if (instance.alive() || !instance.record().shouldRun()) {
            settle(instance);
            logins.look(instance).ifPresent(problem -> problem(instance, problem));
            return;
        }
        if (!instance.changing().tryLock()) {
            return;
        }
        try {
            if (instance.record().shouldRun() && instance.findProcess().isEmpty()) {
                restart(instance);
            }
        } catch (EngineException e) {
            notStarted(instance, e, e.getMessage(), e.problems().get(0).remedy());
        } catch (IOException e) {
            notStarted(
                    instance,
                    e,
                    FileTrouble.named(e),
                    "see that the disks of "
                            + instance.site().stateDirectory()
                            + " and "
                            + instance.site().dataDirectory()
                            + " can be written and have space; more is in the agent's log");
        } catch (RuntimeException e) {
            notStarted(instance, e, e.toString(), "see the agent's log");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            instance.changing().unlock();
        }
    }

    private void notStarted(HostedInstance instance, Exception e, String why, String remedy) {
        LOG.error("starting " + instance.name(), e);
        problem(instance, Problem.of(instance.name() + " cannot be started: " + why, remedy));
    }

    private void restart(HostedInstance instance)
            throws IOException, InterruptedException, EngineException {
        long now = System.nanoTime();
        Attempts before = attempts.getOrDefault(instance.name(), Attempts.none(now));
        if (now - before.next() < 0) {
            return;
        }
        Optional<Problem> objection =
                instance.lostData().or(() -> permission.objection(instance.record()));
        if (objection.isPresent()) {
            problem(instance, objection.get());
            return;
        }
        attempts.put(instance.name(), before.another(now));
        problem(
                instance,
                Problem.of(
                        instance.name()
                                + " was found dead and was started"
                                + (before.count() == 0
                                        ? ""
                                        : ", " + (before.count() + 1) + " times in a row")
                                + "; its last words: "
                                + instance.lastWords(),
                        "see its log in " + instance.site().stateDirectory()));
        instance.launch();
        changed.run();
    }

    /** Its troubles are over when it answers, and forgotten when it has run for a while. */
    private void settle(HostedInstance instance) {
        boolean stopped = !instance.record().shouldRun();
        if (stopped || instance.seenUp()) {
            problems.remove(instance.name());
        }
        Attempts before = attempts.get(instance.name());
        if (before != null && (stopped || System.nanoTime() - before.last() > STABLE.toNanos())) {
            attempts.remove(instance.name());
        }
    }

    private void problem(HostedInstance instance, Problem problem) {
        if (!problem.equals(problems.put(instance.name(), problem))) {
            LOG.warn("{}", problem);
            changed.run();
        }
    }
}
