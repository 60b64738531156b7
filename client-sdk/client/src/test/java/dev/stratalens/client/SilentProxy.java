package dev.stratalens.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands before a server, passes so many of its bytes on, and nothing after that, though every connection stays open. */
final class SilentProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int port;
    private final int bytes;

    private SilentProxy(int port, int bytes) throws IOException {
        this.port = port;
        this.bytes = bytes;
    }

    static SilentProxy before(int port, int bytes) throws IOException {
        SilentProxy proxy = new SilentProxy(port, bytes);
        run(proxy::accept);
        return proxy;
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
            sockets.addAll(List.of(client, server));
            run(() -> pass(client.getInputStream(), server.getOutputStream(), Integer.MAX_VALUE));
            run(() -> pass(server.getInputStream(), client.getOutputStream(), bytes));
        }
    }

    private static void pass(InputStream from, OutputStream to, int limit) throws IOException {
        byte[] buffer = new byte[8192];
        int left = limit;
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            int passed = Math.min(read, left);
            to.write(buffer, 0, passed);
            left -= passed;
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void run(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
