package dev.stratalens.server.hub;

import dev.stratalens.server.hub.DownloadListener.Progress;

/** Adds up what the files of one download report. Thread-safe. */
final class ProgressCounter {

    private final DownloadListener listener;
    private int doneFiles;
    private int totalFiles;
    private long doneBytes;
    private long totalBytes;

    ProgressCounter(DownloadListener listener) {
        this.listener = listener;
    }

    synchronized void expect(long bytes) {
        totalFiles++;
        totalBytes += bytes;
    }

    synchronized void arrived(String file, long bytes) {
        doneBytes += bytes;
        listener.downloaded(new Progress(file, doneFiles, totalFiles, doneBytes, totalBytes));
    }

    synchronized void completed(String file) {
        doneFiles++;
        arrived(file, 0);
    }
}
