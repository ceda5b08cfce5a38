package xlctl.topology;

import static java.util.Objects.requireNonNull;

/**
 * One reason why something asked for cannot be done, or is not as it should be.
 *
 * @param what what was found, naming the thing
 * @param remedy what the operator can do about it; empty where nothing is to be done
 */
public record Problem(String what, String remedy) {
    public Problem {
        requireNonNull(what, "what is null");
        requireNonNull(remedy, "remedy is null");
    }

    public static Problem of(String what, String remedy) {
        return new Problem(what, remedy);
    }

    @Override
    public String toString() {
        return remedy.isEmpty() ? what : what + " (" + remedy + ")";
    }
}
