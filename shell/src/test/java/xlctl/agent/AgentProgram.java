package xlctl.agent;

import java.io.PrintStream;
import java.util.List;

/** The program xlctl-agent in this process, for what it refuses: else it would not return. */
public final class AgentProgram {
    private AgentProgram() {}

    public static int run(List<String> arguments, PrintStream out, PrintStream err) {
        return Main.run(arguments, out, err);
    }
}
