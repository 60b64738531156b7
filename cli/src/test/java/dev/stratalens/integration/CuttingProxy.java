package dev.stratalens.integration;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes one connection on and cuts it after some bytes from the server, as a failing network does. */
final class CuttingProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final int serverPort;
    private final int bytesUntilCut;

    CuttingProxy(int serverPort, int bytesUntilCut) {
        this.serverPort = serverPort;
        this.bytesUntilCut = bytesUntilCut;
        try {
            listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::serve);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void serve() {
        try (Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            start(() -> copy(client, server, Integer.MAX_VALUE));
            copy(server, client, bytesUntilCut);
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private static void copy(Socket from, Socket to, int limit) {
        var buffer = new byte[1024];
        int left = limit;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
                out.write(buffer, 0, Math.min(read, left));
                left -= read;
            }
        } catch (IOException e) {
            // the other direction was closed
        }
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
