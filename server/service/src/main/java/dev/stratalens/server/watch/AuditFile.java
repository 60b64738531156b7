package dev.stratalens.server.watch;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file of lines; once it is full, it is renamed to {@code NAME.1}, that one to {@code NAME.2}, and so on. One thread only. */
final class AuditFile implements AutoCloseable {

    private final Path path;
    private final long maxBytes;
    private final int files;
    private BufferedWriter writer;
    private long bytes;

    /**
     * Opens the file, and goes on at its end.
     *
     * @param files that are kept, the current one included
     */
    AuditFile(Path path, long maxBytes, int files) throws IOException {
        this.path = path;
        this.maxBytes = maxBytes;
        this.files = files;
        writer = open();
    }

    private BufferedWriter open() throws IOException {
        BufferedWriter opened = Files.newBufferedWriter(
                path, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        bytes = Files.size(path);
        return opened;
    }

    void add(String line) throws IOException {
        int size = line.getBytes(StandardCharsets.UTF_8).length + 1;
        if (bytes > 0 && bytes + size > maxBytes) {
            rotate();
        }
        writer.write(line);
        writer.write('\n');
        writer.flush();
        bytes += size;
    }

    private void rotate() throws IOException {
        writer.close();
        for (int number = files - 1; number > 0; number--) {
            Path older = number == 1 ? path : numbered(number - 1);
            if (Files.exists(older)) {
                Files.move(older, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (files == 1) {
            Files.delete(path);
        }
        writer = open();
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
