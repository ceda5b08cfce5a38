package xlctl.shell.script;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;

/** Stack traces, for whoever asked for them with XLCTL_DEBUG=1; nobody else sees one. */
public final class Debug {
    private Debug() {}

    public static boolean wanted() {
        return "1".equals(System.getenv("XLCTL_DEBUG"));
    }

    public static void trace(Throwable e, Consumer<String> report) {
        if (wanted()) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            report.accept(trace.toString());
        }
    }
}
