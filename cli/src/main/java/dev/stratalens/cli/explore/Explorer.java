package dev.stratalens.cli.explore;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.stratalens.client.LensClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The explorer's page and its bridge, on a port of loopback. Thread-safe. Closing it ends its runs, not the client's other
 * calls.
 */
public final class Explorer implements AutoCloseable {

    /** Loopback by number, as its name may mean two addresses and only one is listened on. */
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    /** More than there can be runs, so that short requests are answered beside them. */
    private static final int THREADS = 2 * ActiveRuns.LIMIT;

    static {
        // Read once, by the first server of the process. Events must not wait for each other's acknowledgment, and a
        // client that never ends a request must not keep a thread.
        defaultTo("sun.net.httpserver.nodelay", "true");
        defaultTo("sun.net.httpserver.maxReqTime", "30");
    }

    private final HttpServer server;
    private final Supplier<String> path;
    private final Supplier<String> ticket;
    private final Runnable end;
    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS, daemons("stratalens-explore"));

    private Explorer(
            HttpServer server, HttpHandler gate, Supplier<String> path, Supplier<String> ticket, Runnable end) {
        this.server = server;
        this.path = path;
        this.ticket = ticket;
        this.end = end;
        server.setExecutor(workers);
        server.createContext("/", new LoopbackOnly(gate));
        server.start();
    }

    /**
     * Starts to answer.
     *
     * @param client asks the server; stays the caller's
     * @param opening what the page begins with
     * @param history folder of the runs' files; empty = runs are forgotten with the page
     * @param port of loopback; 0 = any that is free
     * @throws IOException if the port cannot be listened on
     */
    public static Explorer start(LensClient client, Opening opening, Optional<Path> history, int port)
            throws IOException {
        HttpServer server = listen(port);
        KeptResults kept = new KeptResults();
        Optional<RunFolder> folder = history.map(path -> new RunFolder(path, Clock.systemUTC()));
        ActiveRuns runs = new ActiveRuns(client, kept, folder);
        AccessGate gate = new AccessGate(new Routes(client, opening, runs, kept, folder));
        return new Explorer(server, gate, () -> gate.token() + "/", () -> gate.issueTicket() + "/", runs::close);
    }

    /**
     * Starts to answer several people, each of whom logs in with a key of the server.
     *
     * @param clients a client for each key
     * @param opening what the page begins with
     * @param port of loopback; 0 = any that is free
     * @throws IOException if the port cannot be listened on
     */
    public static Explorer withLogin(Function<String, LensClient> clients, Opening opening, int port)
            throws IOException {
        HttpServer server = listen(port);
        LoginGate gate = new LoginGate(clients, opening);
        return new Explorer(server, gate, () -> "", () -> "", gate::close);
    }

    private static HttpServer listen(int port) throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), 0);
    }

    /** Where the page is, with the token that every request needs, unless people log in. */
    public URI address() {
        return at(path.get());
    }

    /** Leads to {@link #address()} once: for a command line, which others on the machine may see. */
    public URI ticket() {
        return at(ticket.get());
    }

    private URI at(String place) {
        return URI.create("http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), place));
    }

    /** Cancels what runs and stops listening. */
    @Override
    public void close() {
        end.run();
        server.stop(0);
        workers.shutdownNow();
    }

    static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static void defaultTo(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
