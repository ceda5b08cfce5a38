package xlctl.agent.engine.xl;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import xlctl.agent.api.Leftover;
import xlctl.agent.api.Reply;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.DdlLock;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Health;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.file.DurableFile;
import xlctl.agent.process.ServerProcesses;
import xlctl.agent.process.Signal;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.Port;
import xlctl.topology.Role;

/** The agent's way to a GTM or a GTM proxy: a handshake, and a file that a proxy reads. */
final class GtmLink implements ServerLink {
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RECONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MILLIS = 50;

    /** What a proxy reads when it is told to connect to a GTM anew. */
    static final String NEW_GTM_FILE = "newgtm";

    private static final Pattern HOST = setting("gtm_host");
    private static final Pattern PORT = setting("gtm_port");

    private final Site site;
    private final Flavor flavor;
    private final Supplier<Optional<Long>> pid;
    private final ServerProcesses.Signaller signaller;
    private final ReentrantLock changing = new ReentrantLock();

    GtmLink(
            Site site,
            Flavor flavor,
            Supplier<Optional<Long>> pid,
            ServerProcesses.Signaller signaller) {
        this.site = site;
        this.flavor = flavor;
        this.pid = pid;
        this.signaller = signaller;
    }

    @Override
    public Health check() {
        try {
            String address = Site.reachable(GtmSettings.listen(site));
            GtmHandshake.with(
                    new InetSocketAddress(address, site.port()),
                    flavor.gtmPeer(site.spec().kind()),
                    CHECK_TIMEOUT);
            return Health.answering(Role.MASTER, Optional.empty());
        } catch (GtmHandshake.Refusal e) {
            return Health.refusing(e.getMessage());
        } catch (IOException | EngineException e) {
            return Health.silent(String.valueOf(e.getMessage()));
        }
    }

    /** A GTM has nothing to match; a proxy connects to where its GTM is now. */
    @Override
    public List<Leftover> converge(Catalog catalog) throws EngineException {
        Optional<GtmAddress> gtm =
                Optional.ofNullable(catalog.gtm().get(site.spec().instance().host()));
        if (site.spec().kind() != NodeKind.GTM_PROXY || gtm.isEmpty()) {
            return List.of();
        }
        HostPort wanted = gtm.get().master();
        changing.lock();
        try {
            if (!configured().equals(wanted)) {
                connectTo(wanted);
                DurableFile.write(
                        GtmSoftware.configurationFile(site),
                        GtmSettings.proxy(site, flavor, wanted));
            }
            return List.of();
        } catch (IOException e) {
            throw trouble(e);
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void reconnect() throws EngineException {
        if (site.spec().kind() != NodeKind.GTM_PROXY) {
            throw new EngineException(
                    name() + " is a " + site.spec().kind() + ", no GTM proxy", "", null);
        }
        changing.lock();
        try {
            connectTo(configured());
        } catch (IOException e) {
            throw trouble(e);
        } finally {
            changing.unlock();
        }
    }

    private void connectTo(HostPort gtm) throws IOException, EngineException {
        Optional<Long> running = pid.get();
        if (running.isEmpty()) {
            throw new IOException("it does not run");
        }
        DurableFile.write(
                site.dataDirectory().resolve(NEW_GTM_FILE),
                "-s " + gtm.host() + " -t " + gtm.port() + "\n");
        try {
            signaller.send(Signal.USR1, running.get());
            awaitAnswer(gtm);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void awaitAnswer(HostPort gtm) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + RECONNECT_TIMEOUT.toNanos();
        while (true) {
            Health health = check();
            if (health.answers()) {
                return;
            }
            if (System.nanoTime() >= deadline) {
                throw new IOException(
                        "it was told that its GTM is at " + gtm + ", and then: " + health.why());
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    /** The GTM that the proxy's file names: the last line of a setting counts. */
    private HostPort configured() throws IOException {
        String text = Files.readString(GtmSoftware.configurationFile(site));
        return new HostPort(
                new HostName(last(HOST, text)), new Port(Integer.parseInt(last(PORT, text))));
    }

    private static String last(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        Optional<String> found = Optional.empty();
        while (matcher.find()) {
            found = Optional.of(matcher.group(1));
        }
        return found.orElseThrow(
                () -> new IOException("its configuration has no line like " + pattern));
    }

    private static Pattern setting(String name) {
        return Pattern.compile("(?m)^" + name + " = '([^']*)'$");
    }

    @Override
    public Reply.UserTables userTables() {
        return new Reply.UserTables(List.of(), 0);
    }

    @Override
    public DdlLock lockDdl() throws EngineException {
        throw new EngineException(
                name() + " is a " + site.spec().kind() + ": DDL goes through coordinators",
                "",
                null);
    }

    @Override
    public Reply.DeepReport checkDeep() {
        return Reply.DeepReport.inBoth(check().trouble());
    }

    @Override
    public void close() {}

    private EngineException trouble(IOException e) {
        return new EngineException(
                name() + " could not be connected to its GTM: " + e.getMessage(),
                "see its log in " + flavor.gtmLogs(site),
                e);
    }

    private String name() {
        return site.spec().instance().name().toString();
    }
}
