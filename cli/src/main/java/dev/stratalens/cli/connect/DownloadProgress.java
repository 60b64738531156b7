package dev.stratalens.cli.connect;

import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.server.hub.DownloadListener;

/** Shows a download on the progress line. */
public final class DownloadProgress implements DownloadListener {

    private final ProgressLine line;
    private final long start = System.nanoTime();

    public DownloadProgress(ProgressLine line) {
        this.line = line;
    }

    @Override
    public void downloaded(Progress progress) {
        double seconds = Math.max(1e-3, (System.nanoTime() - start) / 1e9);
        line.showBytes(
                "download",
                progress.doneBytes(),
                progress.totalBytes(),
                "%s/s, %d of %d files"
                        .formatted(
                                ByteSize.text((long) (progress.doneBytes() / seconds)),
                                progress.doneFiles(),
                                progress.totalFiles()));
    }
}
