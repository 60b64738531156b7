package dev.stratalens.server.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file of lines; once it is full, it is renamed to {@code NAME.1}, that one to {@code NAME.2}, and so on. The part of a line that
 * a full disk took is cut off again, so that the next line is whole. One thread only.
 */
final class AuditFile implements AutoCloseable {

    private final Path path;
    private final long maxBytes;
    private final int files;
    private FileChannel channel;

    /**
     * Opens the file, and goes on at its end.
     *
     * @param files that are kept, the current one included
     */
    AuditFile(Path path, long maxBytes, int files) throws IOException {
        this.path = path;
        this.maxBytes = maxBytes;
        this.files = files;
        channel = open();
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void add(String line) throws IOException {
        if (!channel.isOpen()) {
            channel = open(); // could not be opened after the others were renamed
        }
        ByteBuffer text = StandardCharsets.UTF_8.encode(line + "\n");
        long end = channel.size();
        if (end > 0 && end + text.remaining() > maxBytes) {
            rotate();
            end = 0;
        }
        try {
            while (text.hasRemaining()) {
                channel.write(text);
            }
        } catch (IOException failure) {
            channel.truncate(end);
            throw failure;
        }
    }

    private void rotate() throws IOException {
        channel.close();
        for (int number = files - 1; number > 0; number--) {
            Path older = number == 1 ? path : numbered(number - 1);
            if (Files.exists(older)) {
                Files.move(older, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (files == 1) {
            Files.delete(path);
        }
        channel = open();
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
