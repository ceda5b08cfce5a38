package xlctl.operation;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StepKey;
import xlctl.certificate.CertificateAuthority;
import xlctl.certificate.HostCertificate;
import xlctl.plan.Action;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.Versioned;
import xlctl.swarm.SwarmNames;
import xlctl.topology.HostName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Problem;

/**
 * Gives hosts their certificates: asks a host what it wants signed, decides which names it may
 * have, signs, and sends it there. Used by several threads.
 */
final class Certification {
    /** Who connects from the same machine may do so by these. */
    private static final Set<String> OF_EVERY_MACHINE = Set.of("localhost", "127.0.0.1");

    private final ClusterStore store;
    private final AgentCalls calls;
    private final Credentials credentials;
    private final Limits limits;
    private final Clock clock;

    Certification(
            ClusterStore store,
            AgentCalls calls,
            Credentials credentials,
            Limits limits,
            Clock clock) {
        this.store = store;
        this.calls = calls;
        this.credentials = credentials;
        this.limits = limits;
        this.clock = clock;
    }

    StepResult run(
            Action.OfCertificate action,
            StepKey key,
            Consumer<String> progress,
            Cancellation cancellation) {
        HostName host = action.host();
        AgentCalls.Answer wish =
                calls.ask(
                        host,
                        new Request.AskForCertificate(),
                        limits.agent(),
                        progress,
                        cancellation);
        if (wish.instead().isPresent()) {
            return wish.instead().get();
        }
        if (!(wish.reply().get() instanceof Reply.CertificateWish asked)) {
            return StepRunner.failure(wish.reply().get());
        }
        Signed signed;
        try {
            signed = sign(action, asked);
        } catch (InvalidValueException e) {
            return StepResult.failed(
                    List.of(
                            Problem.of(
                                    "what host "
                                            + host
                                            + " asks to have certified is not: "
                                            + e.getMessage(),
                                    "run the same version of xlctl and its agents")));
        }
        if (signed.certificate().isEmpty()) {
            return StepResult.done("it has one");
        }
        return calls.ask(
                        host,
                        new Request.InstallCertificate(
                                key, signed.certificate().get().text(), signed.authority()),
                        limits.agent(),
                        progress,
                        cancellation)
                .then(reply -> StepRunner.result(reply, key));
    }

    /**
     * @param certificate empty where the one that the host has will do
     */
    private record Signed(Optional<HostCertificate> certificate, String authority) {}

    private Signed sign(Action.OfCertificate action, Reply.CertificateWish asked) {
        Instant now = clock.instant();
        CertificateAuthority authority = credentials.authority(now);
        List<HostRecord> hosts = store.hosts().values().stream().map(Versioned::value).toList();
        Set<String> names =
                namesOf(
                        action.host(),
                        CertificateAuthority.namesIn(asked.request()),
                        hosts,
                        new SwarmNames(store.cluster()));
        boolean willDo =
                action instanceof Action.CertifyHost
                        && asked.present()
                                .map(HostCertificate::read)
                                .filter(has -> has.signedBy(authority.certificate()))
                                .filter(has -> has.names().containsAll(names))
                                .filter(has -> has.validAt(now) && !has.inLastThird(now))
                                .isPresent();
        return new Signed(
                willDo
                        ? Optional.empty()
                        : Optional.of(authority.sign(asked.request(), action.host(), names, now)),
                authority.certificate());
    }

    /**
     * By what members and clients reach a host. Of what its agent asks for besides it gets nothing
     * that is another host's.
     */
    static Set<String> namesOf(
            HostName host, Set<String> wanted, Collection<HostRecord> hosts, SwarmNames services) {
        Set<String> names = new TreeSet<>(wanted);
        for (HostRecord other : hosts) {
            if (!other.host().equals(host)) {
                names.removeAll(namesOf(other, services));
            }
        }
        names.add(host.value());
        hosts.stream()
                .filter(record -> record.host().equals(host))
                .forEach(record -> names.addAll(namesOf(record, services)));
        names.addAll(OF_EVERY_MACHINE);
        return names;
    }

    private static List<String> namesOf(HostRecord record, SwarmNames services) {
        List<String> names = new ArrayList<>();
        names.add(record.host().value());
        names.add(record.agent().host().value());
        if (record.service().isPresent()) {
            names.add(services.clientName(record.host()).value());
        }
        return names;
    }
}
