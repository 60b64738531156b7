package dev.stratalens.server;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** HTTP/2 by hand, for what no client does. */
final class RawConnection implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;

    static final int END_STREAM = 1;

    private static final int END_HEADERS = 4;
    private static final int MAX_CONCURRENT_STREAMS = 3;

    private final Socket socket;
    private final DataInputStream in;

    /**
     * A frame.
     *
     * @param stream 0 for the connection
     */
    record Frame(int type, int stream, byte[] payload) {

        /** The code of a GOAWAY or RST_STREAM, which ends it or follows the last stream. */
        int errorCode() {
            int at = type == GOAWAY ? 4 : 0;
            return ByteBuffer.wrap(payload).getInt(at);
        }

        /** The most streams that SETTINGS allow. */
        Optional<Integer> mostStreams() {
            for (int at = 0; at < payload.length; at += 6) {
                if (payload[at + 1] == MAX_CONCURRENT_STREAMS) {
                    return Optional.of(ByteBuffer.wrap(payload).getShort(at + 4) & 0xffff);
                }
            }
            return Optional.empty();
        }
    }

    private RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout(20_000);
    }

    /** Connects and says nothing. */
    static RawConnection silent(int port) throws IOException {
        return new RawConnection(new Socket(InetAddress.getByName("localhost"), port));
    }

    /** Connects and begins HTTP/2. */
    static RawConnection open(int port) throws IOException {
        RawConnection connection = silent(port);
        connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        connection.send(frame(SETTINGS, 0, 0, new byte[0]));
        return connection;
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        var bytes = new ByteArrayOutputStream();
        for (int part : new int[] {
            payload.length >> 16,
            payload.length >> 8,
            payload.length,
            type,
            flags,
            stream >> 24,
            stream >> 16,
            stream >> 8,
            stream
        }) {
            bytes.write(part);
        }
        bytes.writeBytes(payload);
        return bytes.toByteArray();
    }

    /** A message as gRPC frames it: not compressed, then its length. */
    static byte[] message(byte[] content) {
        return ByteBuffer.allocate(5 + content.length)
                .put((byte) 0)
                .putInt(content.length)
                .put(content)
                .array();
    }

    /** Begins a call of Analyze whose request does not come. */
    static byte[] call(int stream) {
        var block = new ByteArrayOutputStream();
        block.write(0x83); // :method POST
        block.write(0x86); // :scheme http
        literal(block, 4, "/stratalens.v1.LensService/Analyze"); // :path
        literal(block, 1, "localhost"); // :authority
        literal(block, 31, "application/grpc"); // content-type
        block.write(0x10);
        text(block, "te");
        text(block, "trailers");
        return frame(HEADERS, END_HEADERS, stream, block.toByteArray());
    }

    /** A header with a name of HPACK's table that is not indexed. */
    private static void literal(ByteArrayOutputStream block, int name, String value) {
        if (name < 15) {
            block.write(0x10 | name);
        } else {
            block.write(0x1f);
            block.write(name - 15);
        }
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String text) {
        block.write(text.length());
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends bytes; false if the other side has closed. */
    boolean send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /** The next frame; empty at the end of the connection. */
    Optional<Frame> next() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = new byte[length];
            in.readFully(payload);
            return Optional.of(new Frame(type, stream, payload));
        } catch (EOFException | SocketException end) {
            return Optional.empty();
        }
    }

    /** The next frame of a type; empty if the connection ends without one. */
    Optional<Frame> await(int type) throws IOException {
        Optional<Frame> next = next();
        while (next.isPresent() && next.get().type() != type) {
            next = next();
        }
        return next;
    }

    /** Waits until the other side has closed; fails after 20 seconds. */
    void awaitEnd() throws IOException {
        Optional<Frame> next = next();
        while (next.isPresent()) {
            next = next();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
