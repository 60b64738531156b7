package dev.stratalens.server.hub;

import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.ModelSourceException.Problem;
import dev.stratalens.server.hub.HubApi.RemoteFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fetches files of one model into the cache, each byte once if the server allows it. Thread-safe. */
final class BlobDownload {

    private static final int BUFFER_BYTES = 1 << 17;
    private static final int RANGE_REFUSED = 416;
    private static final Pattern RANGE_START = Pattern.compile("bytes (\\d{1,18})-.*");

    private final HubModel model;
    private final HubApi api;
    private final RetryPolicy retries;

    BlobDownload(HubModel model, HubApi api, RetryPolicy retries) {
        this.model = model;
        this.api = api;
        this.retries = retries;
    }

    /** Where the bytes of a blob wait until they are complete. Not where other tools write: they take other locks. */
    static Path partial(Path blob) {
        return blob.resolveSibling(blob.getFileName() + ".stratalens.incomplete");
    }

    /**
     * Completes a blob, unless it is there; continues what an earlier attempt left.
     *
     * @param arrived told the bytes of each step; a negative number takes some back
     * @throws ModelSourceException if the hub refuses, breaks off again and again, or sends something else
     */
    void fetch(RemoteFile file, Path blob, LongConsumer arrived) throws IOException, InterruptedException {
        Path partial = partial(blob);
        if (Files.exists(blob)) {
            arrived.accept(file.size());
            return;
        }
        boolean resumed = Files.exists(partial);
        receive(file, partial, arrived);
        boolean whole = file.hash().matches(partial);
        if (!whole && resumed) {
            // The beginning may have been spoilt long ago: once more from the start.
            Files.delete(partial);
            arrived.accept(-file.size());
            receive(file, partial, arrived);
            whole = file.hash().matches(partial);
        }
        if (!whole) {
            Files.delete(partial);
            throw new ModelSourceException(
                    Problem.DAMAGED,
                    "%s: what came as %s does not have the hash that the hub announced (%s). Try again; if it stays so, the hub or a proxy is at fault."
                            .formatted(model, file.name(), file.hash().hex()));
        }
        Files.move(partial, blob, StandardCopyOption.ATOMIC_MOVE);
    }

    private void receive(RemoteFile file, Path partial, LongConsumer arrived) throws IOException, InterruptedException {
        long have = Files.exists(partial) ? Math.min(Files.size(partial), file.size()) : 0;
        arrived.accept(have);
        int vain = 0;
        boolean refused = false;
        // Even an empty file must come into being.
        while (have < file.size() || !Files.exists(partial)) {
            long before = have;
            // A hub that refuses the rest each time may still send the whole, which then replaces what is here.
            long from = refused && vain == retries.attempts() - 1 ? 0 : have;
            OptionalLong reached = append(file, partial, from, have, arrived);
            refused = reached.isEmpty();
            have = reached.orElse(have);
            if (have == file.size()) {
                return;
            }
            vain = have > before ? 0 : vain + 1;
            if (vain == retries.attempts()) {
                throw new ModelSourceException(
                        Problem.UNREACHABLE,
                        "%s: %s breaks off at byte %,d of %,d again and again. Try again later; what came so far is kept."
                                .formatted(model, file.name(), have, file.size()));
            }
            Thread.sleep(retries.waitAfter(Math.max(1, vain)).toMillis());
        }
    }

    /**
     * One request for the bytes from a place on; returns how many bytes of the file are there after it. Empty if the hub
     * says that there is nothing behind that place: what is here stays as it is. An IOException is the disk's.
     */
    private OptionalLong append(RemoteFile file, Path partial, long from, long have, LongConsumer arrived)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = api.open(model, file, from);
        if (response.statusCode() == RANGE_REFUSED) {
            HubHttp.discard(response);
            return OptionalLong.empty();
        }
        try (FileChannel out = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long at = start(response, from);
            out.truncate(at).position(at);
            arrived.accept(at - have);
            byte[] buffer = new byte[BUFFER_BYTES];
            while (at < file.size()) {
                int count = (int) Math.min(read(response.body(), buffer), file.size() - at);
                if (count < 0) {
                    break;
                }
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                at += count;
                arrived.accept(count);
            }
            return OptionalLong.of(at);
        } finally {
            HubHttp.discard(response);
        }
    }

    /** -1 at the end, and where the body broke off: the count of bytes tells these apart. */
    private static int read(InputStream body, byte[] buffer) {
        try {
            return body.read(buffer);
        } catch (IOException brokeOff) {
            return -1;
        }
    }

    /** Where the body begins: a server that ignores ranges sends the file from its first byte. */
    private static long start(HttpResponse<?> response, long asked) {
        if (response.statusCode() != 206) {
            return 0;
        }
        Matcher range = RANGE_START.matcher(
                response.headers().firstValue("Content-Range").orElse(""));
        return range.matches() ? Math.min(asked, Long.parseLong(range.group(1))) : asked;
    }
}
