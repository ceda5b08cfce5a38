package xlctl.shell;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import xlctl.controller.Controller;
import xlctl.controller.ExitCode;
import xlctl.lookup.HostLookup;
import xlctl.shell.script.ClusterControl;
import xlctl.shell.script.Debug;

/** Starts {@code xlctl}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        PrintStream out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        if (arguments.length == 1 && arguments[0].equals("--version")) {
            // Before any library is loaded: people and scripts ask often.
            out.println(Version.text());
            return;
        }
        PrintStream err =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        HostLookup.keepNothing();
        quietLibraries();
        beginEarly();
        Interruption interruption = new Interruption(System::exit);
        Program program =
                new Program(
                        System.getenv(),
                        System.in,
                        out,
                        err,
                        TerminalCheck.isTerminal(),
                        settings -> ClusterControl.of(Controller.open(settings)),
                        interruption);
        int exit = program.run(arguments);
        err.flush();
        if (out.checkError() && exit == 0) {
            err.println("xlctl: the output could not be written in full");
            exit = ExitCode.NOT_AS_ASKED.code();
        }
        System.exit(interruption.finished(exit));
    }

    /** What nearly every command needs, while the options and the settings are still being read. */
    private static void beginEarly() {
        Thread early = new Thread(Controller::prepare, "early");
        early.setDaemon(true);
        early.start();
    }

    /** What libraries log is for those who debug; everything an operator must know is reported. */
    private static void quietLibraries() {
        LogManager.getLogManager().reset();
        if (Debug.wanted()) {
            Logger root = Logger.getLogger("");
            root.addHandler(new ConsoleHandler());
            root.setLevel(Level.INFO);
        }
    }
}
