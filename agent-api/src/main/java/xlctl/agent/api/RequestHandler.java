package xlctl.agent.api;

import java.util.function.Consumer;

/** The agent's side of the conversation. Called by many threads at once. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Does what is asked and answers. What fails is answered with {@link Reply.Failed}, not thrown.
     *
     * @param progress takes lines for people while the work goes on
     */
    Reply handle(Request request, Consumer<String> progress);
}
