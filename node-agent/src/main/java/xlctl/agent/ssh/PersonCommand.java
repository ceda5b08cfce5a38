package xlctl.agent.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.RequestHandler;
import xlctl.topology.Problem;

/**
 * One reading word of a person, {@code ssh -p 7422 host status}. Exit codes: 0 answered, 1 the
 * agent could not find out, 2 no such word.
 */
final class PersonCommand implements Command {
    private static final Logger LOG = LoggerFactory.getLogger(PersonCommand.class);

    private static final String HELP =
            """
            status   this host as its agent sees it: engine, data roots, instances, problems
            version  the agent's version
            help     these lines
            Everything else is done through the shell, xlctl.
            """;

    private final String words;
    private final AgentIdentity identity;
    private final RequestHandler handler;
    private final Executor workers;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback exit;

    PersonCommand(String words, AgentIdentity identity, RequestHandler handler, Executor workers) {
        this.words = words;
        this.identity = identity;
        this.handler = handler;
        this.workers = workers;
    }

    @Override
    public void setInputStream(InputStream in) {
        // No word takes input.
    }

    @Override
    public void setOutputStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void setErrorStream(OutputStream err) {
        this.err = err;
    }

    @Override
    public void setExitCallback(ExitCallback exit) {
        this.exit = exit;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        workers.execute(this::run);
    }

    @Override
    public void destroy(ChannelSession channel) {
        // Reading is soon over and its answer dropped.
    }

    private void run() {
        try {
            exit.onExit(answer());
        } catch (IOException e) {
            LOG.debug("nobody waits for the answer to a person's word: {}", e.toString());
            exit.onExit(1);
        }
    }

    private int answer() throws IOException {
        switch (words.strip()) {
            case "status":
                return status();
            case "version":
                say(out, "xlctl-agent " + identity.version() + "\n");
                return 0;
            case "help":
                say(out, HELP);
                return 0;
            default:
                say(err, "\"" + printable(words) + "\" is not a word of this agent's:\n" + HELP);
                return 2;
        }
    }

    private int status() throws IOException {
        Reply reply = handler.handle(new Request.Inspect(), progress -> {});
        if (reply instanceof Reply.HostReport report) {
            say(out, HostReportText.of(identity, report));
            return 0;
        }
        if (reply instanceof Reply.Failed failed) {
            for (Problem problem : failed.problems()) {
                say(err, problem + "\n");
            }
        } else {
            say(err, "the agent answered " + reply.getClass().getSimpleName() + "\n");
        }
        return 1;
    }

    private static String printable(String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }

    private static void say(OutputStream stream, String text) throws IOException {
        stream.write(text.getBytes(StandardCharsets.UTF_8));
        stream.flush();
    }
}
