package dev.stratalens.server.hub;

/** Follows a download. Told from several threads, one at a time. An exception ends the download. */
@FunctionalInterface
public interface DownloadListener {

    /** How far it is; parts that were there already do not count. */
    void downloaded(Progress progress);

    /**
     * How far a download is.
     *
     * @param file the file that came last
     * @param doneFiles files that are complete
     * @param totalFiles files to fetch
     * @param doneBytes bytes that came
     * @param totalBytes bytes to fetch
     */
    record Progress(String file, int doneFiles, int totalFiles, long doneBytes, long totalBytes) {}
}
