package xlctl.agent.api;

/**
 * Which piece of which operation a changing request is. An agent refuses a lower attempt of an
 * operation than it has seen, and answers the same key again with the result of the work it already
 * did or joins it.
 */
public record StepKey(long operation, int attempt, int step) {
    @Override
    public String toString() {
        return operation + "/" + attempt + "/" + step;
    }
}
