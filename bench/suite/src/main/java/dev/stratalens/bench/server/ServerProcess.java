package dev.stratalens.bench.server;

import dev.stratalens.bench.peer.ChildProcess;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, on a free port of loopback. Ends with this process, if not before. */
public final class ServerProcess implements AutoCloseable {

    /** The name of its first model. */
    public static final String MODEL = "measured";

    /** What gives it an admin port. */
    public static final List<String> WITH_ADMIN_PORT = List.of("--set", "admin-port=0");

    private static final Pattern ADDRESS = Pattern.compile(" on (\\S+:\\d+) \\(");
    private static final Pattern ADMIN_PORT = Pattern.compile("Metrics, probes and drain on \\S+ port (\\d+)");
    private static final Pattern WARM = Pattern.compile("Rehearsed|Calls are not rehearsed");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration WARM_PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final ChildProcess process;
    private final String address;
    private final Path log;

    private ServerProcess(ChildProcess process, String address, Path log) {
        this.process = process;
        this.address = address;
        this.log = log;
    }

    /**
     * Starts one.
     *
     * @param more options
     * @throws CliException with what the server says, if it does not start
     */
    public static ServerProcess start(Program program, Path model, String computeType, List<String> more)
            throws IOException {
        Path log = Files.createTempFile("stratalens-bench", ".log");
        List<String> words = new ArrayList<>(List.of(
                "serve", "--model", MODEL + "=" + model, "--host", "127.0.0.1", "--port", "0", "--dtype", computeType));
        words.addAll(more);
        ChildProcess process =
                new ChildProcess(program.with(words).redirectError(log.toFile()).start());
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.process().getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        Matcher matcher = ADDRESS.matcher(line == null ? "" : line);
        var server = new ServerProcess(process, matcher.find() ? matcher.group(1) : "", log);
        if (server.address.isEmpty()) {
            String said = Files.readString(log).strip();
            server.close();
            throw new CliException(
                    ExitCode.INTERNAL, "the server that is to be measured did not start: %s".formatted(said));
        }
        return server;
    }

    /** Waits until the server says that it warms itself no further, has ended, or has had three minutes. */
    void awaitWarm() throws IOException {
        long deadline = System.nanoTime() + WARM_PATIENCE.toNanos();
        try {
            boolean ended = false;
            while (!ended && !WARM.matcher(Files.readString(log)).find() && System.nanoTime() < deadline) {
                ended = process.process().waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the server warmed itself");
        }
    }

    /** Its admin port; it must have {@link #WITH_ADMIN_PORT one}. */
    public AdminPort adminPort() throws IOException {
        Matcher port = ADMIN_PORT.matcher(Files.readString(log));
        if (!port.find()) {
            throw new IOException("the server that is measured names no admin port in its log");
        }
        return new AdminPort(Integer.parseInt(port.group(1)));
    }

    /** {@code HOST:PORT}. */
    public String address() {
        return address;
    }

    public long pid() {
        return process.process().pid();
    }

    @Override
    public void close() {
        process.process().destroy();
        process.end(PATIENCE);
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            // another program has cleared the temporary folder
        }
    }
}
