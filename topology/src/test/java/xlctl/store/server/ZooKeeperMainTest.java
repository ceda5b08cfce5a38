package xlctl.store.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZooKeeperMainTest {
    private final List<Process> started = new ArrayList<>();

    @TempDir Path directory;

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void saysThatItIsReadyAndEndsOnSigterm() throws Exception {
        Path data = directory.resolve("data");
        Process first = start("--data", data.toString(), "--listen", "127.0.0.1:" + freePort());
        String address = readyOn(first);

        assertExit(start("--data", data.toString(), "--listen", "127.0.0.1:" + freePort()), 4);
        assertExit(start("--data", directory.resolve("other").toString(), "--listen", address), 3);

        first.toHandle().destroy();
        assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(first.exitValue()).isEqualTo(128 + 15);
        assertThat(first.inputReader(UTF_8).readLine()).isNull();
        assertThat(readyOn(start("--data", data.toString(), "--listen", address)))
                .isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--data",
                "--data x",
                "--listen 127.0.0.1:1",
                "--data x --listen nowhere",
                "--data x --listen 127.0.0.1:0",
                "--dta x --listen 127.0.0.1:1",
            })
    void refusesMalformedArguments(String arguments) throws Exception {
        assertExit(start(arguments.isEmpty() ? new String[0] : arguments.split(" ")), 2);
    }

    private Process start(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ZooKeeperMain.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).directory(directory.toFile()).start();
        started.add(process);
        return process;
    }

    private static String readyOn(Process process) throws IOException {
        BufferedReader lines = process.inputReader(UTF_8);
        String line = lines.readLine();
        assertThat(line).startsWith("ready on 127.0.0.1:");
        return line.substring("ready on ".length());
    }

    private static void assertExit(Process process, int code) throws Exception {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(code);
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
                .startsWith("ERROR: ")
                .hasLineCount(1);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
