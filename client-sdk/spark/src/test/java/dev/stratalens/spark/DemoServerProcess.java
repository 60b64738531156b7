package dev.stratalens.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of the demo model in a process of its own, which can be killed. */
final class DemoServerProcess implements AutoCloseable {

    private static final Path HOME = Path.of("../..").toAbsolutePath().normalize();

    static final Path DEMO = HOME.resolve("models/demo");

    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final BufferedReader output;

    private DemoServerProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** Starts one; returns before it listens. */
    static DemoServerProcess start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-Dai.djl.offline=true",
                "-Dstratalens.home=" + HOME,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.stratalens.cli.CliMain",
                "serve",
                "--port",
                "0"));
        return new DemoServerProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** HOST:PORT, once it listens. */
    String address() throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                Thread reader = new Thread(this::drain, "server-output");
                reader.setDaemon(true);
                reader.start();
                return address.group();
            }
            said.append(line).append('\n');
        }
        throw new IOException("the server ended: " + said);
    }

    private void drain() {
        output.lines().forEach(line -> {});
    }

    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        process.onExit().join();
    }
}
