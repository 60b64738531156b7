package dev.stratalens.cli.batch;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.result.LensResult;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A file with a line for each prompt that is done. Lines are only ever added at its end, so that a program that is killed
 * leaves complete lines and at most one that was broken off, which the next one cuts off. Locked while it is open. Not
 * thread-safe.
 */
public final class BatchFile implements BatchOutput {

    private final Path path;
    private final Map<String, ResultLine> earlier = new HashMap<>();
    private FileChannel channel;
    private long end;
    private Writer out;

    private BatchFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
        this.out = Writer.nullWriter();
    }

    /**
     * Opens a file, made if it is not there, and looks at what it has. Changes nothing in it.
     *
     * @throws CliException if it cannot be written, is in use, or has something that this command does not write
     */
    public static BatchFile open(Path output) throws IOException {
        Path directory = output.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw CliException.usage("--output: the directory of %s does not exist; make it first.".formatted(output));
        }
        if (Files.exists(output) && !Files.isRegularFile(output)) {
            throw CliException.usage(
                    "--output: %s cannot be continued, because it is not a regular file; name another file."
                            .formatted(output));
        }
        Path path = Files.exists(output) ? output.toRealPath() : output; // a link stays a link
        BatchFile file = new BatchFile(path, locked(path));
        try {
            file.end = ResultScan.scan(
                    path,
                    Channels.newInputStream(file.channel),
                    (line, start, end) -> file.earlier.put(line.id(), line));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        return file;
    }

    private static FileChannel locked(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // within this process; said below
        }
        channel.close();
        throw CliException.usage("--output: %s is being written by another run; wait for it.".formatted(path));
    }

    /** Ids that have a line, each with it. */
    public Map<String, ResultLine> earlier() {
        return Collections.unmodifiableMap(earlier);
    }

    @Override
    public Optional<ResultLine> earlier(BatchPrompt prompt) {
        return Optional.ofNullable(earlier.get(prompt.id()));
    }

    @Override
    public void begin(Set<String> again, ModelFacts model) throws IOException {
        begin(again);
    }

    /**
     * Cuts off a line that was broken off, and gets ready to add lines.
     *
     * @param again ids whose lines are taken out first, as they will be added again
     */
    public void begin(Set<String> again) throws IOException {
        if (!again.isEmpty()) {
            replaceWithout(again);
        }
        channel.truncate(end).position(end);
        OutputStream bytes = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        out = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
    }

    /** The lines that stay go into a new file, which then takes the place of this one: a kill leaves one or the other. */
    private void replaceWithout(Set<String> again) throws IOException {
        Path next = path.resolveSibling("." + path.getFileName() + ".part");
        Files.deleteIfExists(next); // from a run that was killed here
        FileChannel kept = locked(next);
        try {
            ResultScan.scan(path, Channels.newInputStream(channel.position(0)), (line, start, stop) -> {
                if (!again.contains(line.id())) {
                    copy(start, stop, kept);
                }
            });
            kept.force(true);
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            kept.close();
            Files.deleteIfExists(next);
            throw e;
        }
        earlier.keySet().removeAll(again);
        channel.close();
        channel = kept;
        end = kept.size();
    }

    private void copy(long start, long end, FileChannel target) throws IOException {
        for (long at = start; at < end; ) {
            at += channel.transferTo(at, end - at, target);
        }
    }

    @Override
    public void add(BatchPrompt prompt, String fingerprint, LensResult result) throws IOException {
        ResultLine.write(prompt.id(), fingerprint, result, out);
        out.flush();
    }

    @Override
    public void add(BatchPrompt prompt, String fingerprint, LensException failure) throws IOException {
        ResultLine.write(prompt.id(), fingerprint, failure, out);
        out.flush();
    }

    /** Takes out all lines, once {@link #begin} was called. */
    public void clear() throws IOException {
        channel.truncate(0).position(0);
    }

    @Override
    public void complete() {}

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
