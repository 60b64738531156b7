package dev.stratalens.integration;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Stands before a server, passes every connection on, and fails when it is told to. */
final class FailingLine implements AutoCloseable {

    private static final int BACKLOG = 50;

    private final ServerSocket listener;
    private final int serverPort;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    /** Bytes of the server that still arrive. */
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

    private volatile boolean closed;

    FailingLine(int serverPort) {
        this("127.0.0.1", 0, serverPort);
    }

    /** @param port to listen at; 0 for any */
    FailingLine(String address, int port, int serverPort) {
        this.serverPort = serverPort;
        try {
            listener = new ServerSocket(port, BACKLOG, InetAddress.getByName(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** So many more bytes of the server arrive, and nothing after them, though all connections stay open. */
    void passOnly(long bytes) {
        left.set(bytes);
    }

    /** As when the server's process is killed: its connections are reset, and nothing listens any more. */
    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
            sockets.forEach(FailingLine::reset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                sockets.add(client);
                if (closed) {
                    reset(client);
                } else {
                    connect(client);
                }
            }
        } catch (IOException over) {
            // closed
        }
    }

    private void connect(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            sockets.add(server);
            start(() -> pass(client, server, new AtomicLong(Long.MAX_VALUE)));
            start(() -> pass(server, client, left));
        } catch (IOException nothingListens) {
            reset(client);
        }
    }

    private static void pass(Socket from, Socket to, AtomicLong left) {
        byte[] buffer = new byte[8192];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                int arriving = read;
                long before = left.getAndUpdate(bytes -> Math.max(0, bytes - arriving));
                out.write(buffer, 0, (int) Math.min(read, before));
            }
        } catch (IOException cut) {
            // by either side, or by the test
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closedBefore) {
            // as wanted
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "failing-line");
        thread.setDaemon(true);
        thread.start();
    }
}
