package xlctl.shell.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import xlctl.controller.ExitCode;

/**
 * Runs a program of the operating system to its end. Words are passed as they are: there is no
 * shell between.
 */
final class ExternalProgram {

    /** What a program came to; output and error output together. */
    record Result(int exit, String output) {}

    private ExternalProgram() {}

    static Result run(List<String> words) {
        return run(words, Map.of());
    }

    static Result run(List<String> words, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new QuickstartException(
                    ExitCode.UNREACHABLE,
                    "the program " + words.get(0) + " cannot be run: " + e.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QuickstartException(
                    ExitCode.NOT_AS_ASKED, "interrupted while running " + words.get(0), e);
        }
    }
}
