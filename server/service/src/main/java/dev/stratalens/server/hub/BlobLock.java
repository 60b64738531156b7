package dev.stratalens.server.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The right to write one file of the cache, among the threads and processes of this machine. */
final class BlobLock {

    private static final long POLL_MILLIS = 100;

    private BlobLock() {}

    /** What is done under the lock. */
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Waits for the right and does the work.
     *
     * @param file stays: who removed it could let two in
     */
    static void holding(Path file, Work work) throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (tryLock(channel) == null) {
                Thread.sleep(POLL_MILLIS);
            }
            work.run();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }
}
