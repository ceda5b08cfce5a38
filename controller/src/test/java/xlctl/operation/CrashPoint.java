package xlctl.operation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import xlctl.agent.api.AgentConnection;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.session.Agents;
import xlctl.session.OwnKey;
import xlctl.store.HostRecord;
import xlctl.store.RecordTree;
import xlctl.store.Versioned;
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
    private final Optional<Runnable> event;

    CrashPoint(int at) {
        this(at, Optional.empty());
    }

    private CrashPoint(int at, Optional<Runnable> event) {
        this.at = at;
        this.event = event;
    }

    /** The controller goes on after what happens. */
    static CrashPoint happening(int at, Runnable event) {
        return new CrashPoint(at, Optional.of(event));
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
        if (event.isEmpty() && now >= at) {
            throw new Crash(at);
        }
        if (now == at) {
            event.ifPresent(Runnable::run);
        }
    }

    private void requireAlive() {
        if (event.isEmpty() && hit()) {
            throw new Crash(at);
        }
    }

    RecordTree around(RecordTree tree) {
        return new RecordTree() {
            @Override
            public Optional<Versioned<byte[]>> read(String path) {
                requireAlive();
                return tree.read(path);
            }

            @Override
            public Map<String, Versioned<byte[]>> children(String path) {
                requireAlive();
                return tree.children(path);
            }

            @Override
            public void write(List<Write> writes) {
                CrashPoint.this.around(
                        () -> {
                            tree.write(writes);
                            return writes;
                        });
            }

            @Override
            public Watch watch(String path, Runnable changed) {
                return tree.watch(path, changed);
            }

            @Override
            public boolean connected() {
                return tree.connected();
            }

            @Override
            public java.time.Duration sessionTimeout() {
                return tree.sessionTimeout();
            }

            @Override
            public void close() {
                tree.close();
            }
        };
    }

    MemberServices around(MemberServices services) {
        return new MemberServices() {
            @Override
            public SwarmView look() {
                requireAlive();
                return services.look();
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
                requireAlive();
                return services.trouble(host);
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
