package dev.stratalens.server.grpc.stream;

/**
 * The memory in which results wait for their readers, of all calls together. Each call may fill its own share as long as there
 * is any room, and more than that as long as no less stays free than it holds: so a few that are not read cannot use up what
 * all the others need, and one that is read slowly may take half of it. Thread-safe.
 */
final class OutboundMemory {

    private final long shareBytes;
    private final long totalBytes;
    // Guarded by this.
    private long heldBytes;

    /**
     * @param shareBytes of each call
     * @param totalBytes of all calls together
     */
    OutboundMemory(long shareBytes, long totalBytes) {
        this.shareBytes = shareBytes;
        this.totalBytes = totalBytes;
    }

    /** The share of each call. */
    long shareBytes() {
        return shareBytes;
    }

    /**
     * Takes room for one more message; false if there is none.
     *
     * @param held by the call so far
     */
    synchronized boolean take(long held, long bytes) {
        long free = totalBytes - heldBytes;
        long wanted = held + bytes;
        boolean fits = bytes <= free && (wanted <= shareBytes || wanted <= free);
        if (fits) {
            heldBytes += bytes;
        }
        return fits;
    }

    /** Takes room for what is small and must not be lost, whether there is any or not. */
    synchronized void bear(long bytes) {
        heldBytes += bytes;
    }

    synchronized void give(long bytes) {
        heldBytes -= bytes;
    }

    synchronized long heldBytes() {
        return heldBytes;
    }
}
