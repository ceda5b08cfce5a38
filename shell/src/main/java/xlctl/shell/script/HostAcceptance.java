package xlctl.shell.script;

import java.util.List;
import java.util.Optional;
import xlctl.controller.ExitCode;
import xlctl.controller.HostKeyOffer;
import xlctl.shell.language.Statement;
import xlctl.shell.render.HostText;
import xlctl.shell.render.ProblemText;
import xlctl.store.HostRecord;

/**
 * {@code host accept}: a key is taken only when the operator names its fingerprint, or says yes.
 */
final class HostAcceptance {
    private final Console console;
    private final ClusterControl cluster;

    HostAcceptance(Console console, ClusterControl cluster) {
        this.console = console;
        this.cluster = cluster;
    }

    /**
     * @param offer of the host that the statement names
     */
    ExitCode accept(String where, Statement.AcceptHost statement, HostKeyOffer offer) {
        if (offer.contradiction().isPresent()) {
            console.report(where + ": host accept " + offer.host() + ": refused");
            console.report(ProblemText.of(List.of(offer.contradiction().get())));
            return ExitCode.REFUSED;
        }
        Optional<ExitCode> otherKey =
                statement.fingerprint().flatMap(named -> compared(where, offer, named));
        if (otherKey.isPresent()) {
            return otherKey.get();
        }
        if (offer.alreadyAccepted()) {
            console.print(
                    "host "
                            + offer.host()
                            + " is registered with this key already: "
                            + offer.fingerprint());
            return ExitCode.DONE;
        }
        if (statement.fingerprint().isEmpty()) {
            Optional<ExitCode> refusal = asked(where, offer);
            if (refusal.isPresent()) {
                return refusal.get();
            }
        }
        HostRecord record = cluster.acceptHost(offer);
        console.print(
                "host "
                        + record.host()
                        + " is registered: agent at "
                        + record.agent()
                        + ", key "
                        + offer.fingerprint());
        return ExitCode.DONE;
    }

    private Optional<ExitCode> compared(String where, HostKeyOffer offer, String fingerprint) {
        if (fingerprint.equals(offer.fingerprint())) {
            return Optional.empty();
        }
        console.report(
                where
                        + ": host accept "
                        + offer.host()
                        + ": refused: the agent at "
                        + offer.agent()
                        + " offers "
                        + offer.fingerprint()
                        + ", not "
                        + fingerprint);
        return Optional.of(ExitCode.REFUSED);
    }

    private Optional<ExitCode> asked(String where, HostKeyOffer offer) {
        console.report(HostText.offer(offer));
        Optional<Boolean> answer = console.confirm("Is it the key of that host? Accept it? (y/n) ");
        if (answer.isEmpty()) {
            console.report(
                    where
                            + ": host accept "
                            + offer.host()
                            + ": nobody can be asked here: compare the fingerprint with that of the agent's key on its host,"
                            + " then give it as the last word");
            return Optional.of(ExitCode.MALFORMED);
        }
        if (!answer.get()) {
            console.report(where + ": host accept " + offer.host() + ": not accepted");
            return Optional.of(ExitCode.REFUSED);
        }
        return Optional.empty();
    }
}
