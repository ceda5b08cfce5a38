package xlctl.operation;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import xlctl.agent.api.AgentConnection;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.session.Agents;
import xlctl.session.OwnKey;
import xlctl.store.HostRecord;
import xlctl.store.RecordTree;
import xlctl.swarm.MemberServices;
import xlctl.swarm.ServiceSpec;
import xlctl.swarm.SwarmView;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;

/**
 * Ends a controller before or after one of its writes, requests or calls of Docker, counted from 1:
 * from there on nothing that it tries reaches the world. Or lets something else happen there, once.
 */
final class CrashPoint {
    /** The controller is gone. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash(int at) {
            super("crashed at point " + at);
        }
    }

    private final AtomicInteger passed = new AtomicInteger();
    private final int at;
    private final IntConsumer passing;

    CrashPoint(int at) {
        this(at, point -> {});
    }

    private CrashPoint(int at, IntConsumer passing) {
        this.at = at;
        this.passing = passing;
    }

    /** The controller goes on after what happens. */
    static CrashPoint happening(int at, Runnable event) {
        return atEach(
                point -> {
                    if (point == at) {
                        event.run();
                    }
                });
    }

    /** Never crashes; tells the number of each point on the thread that comes to it. */
    static CrashPoint atEach(IntConsumer passing) {
        return new CrashPoint(Integer.MAX_VALUE, passing);
    }

    /** Never crashes, only counts. */
    static CrashPoint never() {
        return new CrashPoint(Integer.MAX_VALUE);
    }

    int passed() {
        return passed.get();
    }

    boolean hit() {
        return passed.get() >= at;
    }

    private <T> T around(Supplier<T> work) {
        pass();
        T result = work.get();
        pass();
        return result;
    }

    private void pass() {
        int now = passed.incrementAndGet();
        if (now >= at) {
            throw new Crash(at);
        }
        passing.accept(now);
    }

    private <T> T whileAlive(Supplier<T> work) {
        if (hit()) {
            throw new Crash(at);
        }
        return work.get();
    }

    RecordTree around(RecordTree tree) {
        return new SurroundedTree(tree, this::whileAlive, this::around);
    }

    MemberServices around(MemberServices services) {
        return new MemberServices() {
            @Override
            public SwarmView look() {
                return whileAlive(services::look);
            }

            @Override
            public void create(ServiceSpec spec) {
                CrashPoint.this.around(
                        () -> {
                            services.create(spec);
                            return spec;
                        });
            }

            @Override
            public Optional<String> trouble(HostName host) {
                return whileAlive(() -> services.trouble(host));
            }

            @Override
            public void remove(HostName host) {
                CrashPoint.this.around(
                        () -> {
                            services.remove(host);
                            return host;
                        });
            }
        };
    }

    Agents around(Agents agents) {
        return new Agents() {
            @Override
            public AgentConnection to(HostRecord host) {
                return crashing(agents.to(host));
            }

            @Override
            public String offeredKey(HostName host, HostPort agent) {
                return agents.offeredKey(host, agent);
            }

            @Override
            public Optional<Problem> stranger(HostRecord host) {
                return agents.stranger(host);
            }

            @Override
            public OwnKey ownKey() {
                return agents.ownKey();
            }

            @Override
            public void tryFreshKey(HostRecord host) {
                CrashPoint.this.around(
                        () -> {
                            agents.tryFreshKey(host);
                            return host;
                        });
            }

            @Override
            public void connectAnew() {
                agents.connectAnew();
            }

            @Override
            public void close() {}
        };
    }

    private AgentConnection crashing(AgentConnection connection) {
        return new AgentConnection() {
            @Override
            public CompletableFuture<Reply> call(Request request, Consumer<String> progress) {
                return CrashPoint.this.around(() -> connection.call(request, progress));
            }

            @Override
            public void close() {}
        };
    }
}
