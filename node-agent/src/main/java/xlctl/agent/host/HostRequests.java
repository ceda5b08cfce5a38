package xlctl.agent.host;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.Leftover;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.RequestHandler;
import xlctl.agent.engine.EngineException;
import xlctl.agent.reach.Attempts;
import xlctl.agent.tls.HostCertificates;
import xlctl.text.FileTrouble;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.Problem;

/** What controllers ask, done. */
final class HostRequests implements RequestHandler {
    private static final Logger LOG = LoggerFactory.getLogger(HostRequests.class);

    /** A change of definitions that is under way keeps those of roles out. */
    private static final Duration PATIENCE_FOR_PASSWORDS = Duration.ofSeconds(45);

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration STORE_PATIENCE = Duration.ofSeconds(10);

    private final AgentHost host;
    private final Instances instances;
    private final Convergence convergence;
    private final HostCertificates certificates;

    HostRequests(
            AgentHost host,
            Instances instances,
            Convergence convergence,
            HostCertificates certificates) {
        this.host = host;
        this.instances = instances;
        this.convergence = convergence;
        this.certificates = certificates;
    }

    @Override
    public Reply handle(Request request, Consumer<String> progress) {
        try {
            return answer(request, progress);
        } catch (EngineException e) {
            return new Reply.Failed(Reply.Failed.Kind.FAILED, e.problems());
        } catch (IOException e) {
            LOG.error("a request failed: " + nameOf(request), e);
            return Reply.Failed.failed(
                    nameOf(request) + " failed: " + FileTrouble.named(e),
                    "see that the agent's directories are writable and not full");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.Failed.failed(nameOf(request) + " was interrupted", "");
        } finally {
            if (request instanceof Request.Changing) {
                host.wakeAll();
            }
        }
    }

    private Reply answer(Request request, Consumer<String> progress)
            throws EngineException, IOException, InterruptedException {
        if (request instanceof Request.Inspect) {
            return host.inspect();
        }
        if (request instanceof Request.ProbePlace probe) {
            return new Reply.PlaceReport(instances.probe(probe.spec()));
        }
        if (request instanceof Request.ListUserTables list) {
            return userTables(list.instance());
        }
        if (request instanceof Request.CheckDeep check) {
            Optional<HostedInstance> found = instances.find(check.instance());
            return found.isPresent() ? found.get().link().checkDeep() : unknown(check.instance());
        }
        if (request instanceof Request.CheckDdlLock check) {
            return ddlLock(check);
        }
        if (request instanceof Request.AwaitConvergence await) {
            return await(await);
        }
        if (request instanceof Request.Prepare prepare) {
            return prepare(prepare, progress);
        }
        if (request instanceof Request.Discard discard) {
            return instances.discard(
                    discard.instance(), discard.disposal(), discard.key().operation(), progress);
        }
        if (request instanceof Request.ReadLogs read) {
            return LogEnds.of(instances.all(), read.bytes());
        }
        if (request instanceof Request.Reach reach) {
            return new Reply.Reached(Attempts.at(reach.destinations(), reach.patience()));
        }
        if (request instanceof Request.AskForCertificate) {
            return certificates.wish();
        }
        if (request instanceof Request.InstallCertificate install) {
            return instances.install(install);
        }
        if (request instanceof Request.TakeSecrets take) {
            Optional<HostedInstance> found = instances.find(take.instance());
            return found.isPresent()
                    ? takeSecrets(found.get(), take, progress)
                    : unknown(take.instance());
        }
        if (request instanceof Request.AtInstance change) {
            return change(change, progress);
        }
        return notAnswered(request);
    }

    private Reply change(Request.AtInstance request, Consumer<String> progress)
            throws EngineException, IOException, InterruptedException {
        Optional<HostedInstance> found = instances.find(request.instance());
        if (found.isEmpty()) {
            return unknown(request.instance());
        }
        HostedInstance instance = found.get();
        instance.changing().lockInterruptibly();
        try {
            if (request instanceof Request.Start start) {
                return start(instance, start, progress);
            }
            if (request instanceof Request.CopyDefinitions copy) {
                return copyDefinitions(instance, copy.source(), progress);
            }
            if (request instanceof Request.LockDdl lock) {
                return lockDdl(instance, lock);
            }
            if (request instanceof Request.UnlockDdl unlock) {
                instance.ddl().give(unlock.key().operation());
                return new Reply.Done("DDL is let in again by " + instance.name());
            }
            if (request instanceof Request.Reconnect) {
                instance.link().reconnect();
                return new Reply.Done(instance.name() + " has connected anew");
            }
            if (request instanceof Request.CreateDatabase create) {
                return createDatabase(instance, create);
            }
            if (request instanceof Request.OpenDatabase open) {
                return instance.link().openDatabase(open.key().operation(), open.name());
            }
            if (request instanceof Request.DropDatabase drop) {
                return instance.link().dropDatabase(drop.key().operation(), drop.name());
            }
            if (request instanceof Request.CreateRole create) {
                return instance.link()
                        .createRole(create.name(), create.powers(), create.verifier());
            }
            if (request instanceof Request.Stop stop) {
                instance.update(InstanceRecord::stopped);
                boolean ran = instance.stop(stop.mode(), stop.timeout());
                return new Reply.Done(instance.name() + (ran ? " is stopped" : " was not running"));
            }
            if (request instanceof Request.Kill) {
                instance.update(InstanceRecord::stopped);
                boolean ran = instance.kill();
                return new Reply.Done(instance.name() + (ran ? " is killed" : " was not running"));
            }
            return notAnswered(request);
        } finally {
            instance.changing().unlock();
        }
    }

    /** What the topology has already was made once: it is lost, and not to be made anew. */
    private Reply prepare(Request.Prepare request, Consumer<String> progress)
            throws EngineException, IOException, InterruptedException {
        InstanceName name = request.instance();
        if (instances.find(name).isEmpty() && convergence.topologyNames(name)) {
            return new Reply.Failed(
                    Reply.Failed.Kind.REFUSED, List.of(ReplacedVolume.noRecord(name)));
        }
        return instances.prepare(
                request.spec(), request.secrets(), request.key().operation(), progress);
    }

    private static Reply copyDefinitions(
            HostedInstance instance, HostPort source, Consumer<String> progress)
            throws EngineException, InterruptedException {
        InstanceRecord record = instance.record();
        if (record.phase() != InstanceRecord.Phase.READY
                || record.desired() != InstanceRecord.Desired.PREPARED) {
            return Reply.Failed.refused(
                    "definitions are not copied into "
                            + instance.name()
                            + ": it is not freshly prepared",
                    "remove it and add it again");
        }
        instance.copyDefinitions(source, progress);
        return new Reply.Done(instance.name() + " has the definitions of " + source);
    }

    /** It lets the host in first whose new server is going to ask for definitions. */
    private Reply lockDdl(HostedInstance instance, Request.LockDdl lock)
            throws EngineException, InterruptedException {
        Optional<String> trouble = convergeSoon(instance);
        if (trouble.isPresent()) {
            return Reply.Failed.failed(
                    "which hosts may ask "
                            + instance.name()
                            + " for definitions is not known: "
                            + trouble.get(),
                    "start ZooKeeper, or see that this host reaches it");
        }
        instance.ddl().take(lock.key().operation(), lock.longest());
        return new Reply.Done("DDL is kept out by " + instance.name());
    }

    /**
     * A ZooKeeper that is restarted is waited for.
     *
     * @return what is in the way
     */
    private Optional<String> convergeSoon(HostedInstance instance)
            throws EngineException, InterruptedException {
        long deadline = System.nanoTime() + STORE_PATIENCE.toNanos();
        Optional<String> trouble = convergence.convergeNow(instance);
        while (trouble.isPresent() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(200);
            trouble = convergence.convergeNow(instance);
        }
        return trouble;
    }

    /** It is done only when the database has what convergence gives to every database. */
    private Reply createDatabase(HostedInstance instance, Request.CreateDatabase create)
            throws EngineException, InterruptedException {
        Reply made =
                instance.link()
                        .createDatabase(create.key().operation(), create.name(), create.owner());
        if (!(made instanceof Reply.Done)) {
            return made;
        }
        Optional<String> trouble = convergeSoon(instance);
        return trouble.isEmpty()
                ? made
                : Reply.Failed.failed(
                        "what database "
                                + create.name()
                                + " of "
                                + instance.name()
                                + " must know of the cluster is not known: "
                                + trouble.get(),
                        "start ZooKeeper, or see that this host reaches it");
    }

    /**
     * Whoever gives up leaves the instance with passwords that it takes later: the controller sends
     * the ones before again, or these. Who starts a server that died is not kept from it meanwhile.
     */
    private static Reply takeSecrets(
            HostedInstance instance, Request.TakeSecrets take, Consumer<String> progress)
            throws EngineException, IOException, InterruptedException {
        instance.changing().lockInterruptibly();
        try {
            instance.take(take.secrets(), take.alsoOutgoing());
        } finally {
            instance.changing().unlock();
        }
        long deadline = System.nanoTime() + PATIENCE_FOR_PASSWORDS.toNanos();
        while (true) {
            boolean overdue = System.nanoTime() >= deadline;
            if (instance.alive()) {
                try {
                    instance.takePasswords();
                    return new Reply.Done(instance.name() + " has the passwords");
                } catch (EngineException e) {
                    if (overdue) {
                        throw e;
                    }
                    progress.accept(
                            instance.name()
                                    + " does not take its passwords yet: "
                                    + e.getMessage());
                }
            } else if (overdue || !instance.record().shouldRun()) {
                return new Reply.Done(instance.name() + " has the passwords once it is started");
            } else {
                progress.accept(instance.name() + " is down, and should not be");
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private Reply ddlLock(Request.CheckDdlLock check) {
        Optional<HostedInstance> found = instances.find(check.instance());
        if (found.isEmpty()) {
            return unknown(check.instance());
        }
        return found.get().ddl().heldBy(check.operation())
                ? new Reply.Done("DDL has been kept out by " + check.instance())
                : Reply.Failed.failed(
                        "DDL has not been kept out by " + check.instance() + " all the time",
                        "try again");
    }

    private Reply start(HostedInstance instance, Request.Start start, Consumer<String> progress)
            throws EngineException, IOException, InterruptedException {
        long generation = start.generation();
        InstanceRecord record = instance.record();
        if (record.phase() != InstanceRecord.Phase.READY) {
            return Reply.Failed.refused(
                    instance.name() + " has no finished data directory", "prepare it again");
        }
        if (generation < record.generation()) {
            return Reply.Failed.refused(
                    instance.name()
                            + " is not started under generation "
                            + generation
                            + ": it was started under "
                            + record.generation()
                            + " before",
                    "read the node state again");
        }
        Optional<Problem> lost = instance.lostData();
        if (lost.isPresent()) {
            return new Reply.Failed(Reply.Failed.Kind.REFUSED, List.of(lost.get()));
        }
        instance.update(now -> now.runningUnder(generation));
        boolean launched = instance.run(start.timeout(), progress);
        Optional<String> notConverged = convergence.convergeNow(instance);
        return new Reply.Done(
                instance.name()
                        + (launched ? " runs" : " was running before")
                        + notConverged
                                .map(why -> "; its catalogs wait for ZooKeeper: " + why)
                                .orElse(""));
    }

    private Reply userTables(InstanceName name) throws EngineException {
        Optional<HostedInstance> found = instances.find(name);
        return found.isPresent() ? found.get().link().userTables() : unknown(name);
    }

    private Reply await(Request.AwaitConvergence request) throws InterruptedException {
        Optional<Standing> reached =
                convergence.await(request.topologyVersion(), request.timeout());
        if (reached.isPresent()) {
            return new Reply.Converged(
                    reached.get().version(),
                    Optional.of(
                            reached.get().leftovers().stream().map(Leftover::problem).toList()));
        }
        Stream<Problem> first =
                Stream.of(
                        Problem.of(
                                "version "
                                        + request.topologyVersion()
                                        + " of the topology is not applied after "
                                        + request.timeout().toSeconds()
                                        + " s, only "
                                        + convergence.standing().version(),
                                "the agent goes on trying"));
        return new Reply.Failed(
                Reply.Failed.Kind.FAILED,
                Stream.concat(first, host.problems().stream()).collect(Collectors.toList()));
    }

    private static Reply notAnswered(Request request) {
        return new Reply.Failed(
                Reply.Failed.Kind.UNKNOWN_REQUEST,
                List.of(Problem.of(nameOf(request) + " is not answered here", "")));
    }

    private Reply unknown(InstanceName name) {
        return Reply.Failed.refused(
                name + " is not on " + instances.host(), "see where it is: show config");
    }

    private static String nameOf(Request request) {
        return request instanceof Request.Changing changing
                ? request.getClass().getSimpleName() + " of " + changing.subject()
                : request.getClass().getSimpleName();
    }
}
