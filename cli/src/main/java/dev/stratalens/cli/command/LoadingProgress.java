package dev.stratalens.cli.command;

import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensProgress;
import dev.stratalens.client.LoadProgress;

/** Shows how far a server is with the loading of a model. */
final class LoadingProgress {

    private LoadingProgress() {}

    /** What a request hears that waits for its model. */
    static void show(LensProgress progress, ProgressLine line) {
        if (progress.download().isPresent()) {
            LensProgress.Download download = progress.download().get();
            showDownload(download.doneBytes(), download.totalBytes(), line);
        } else {
            line.show("loading", progress.done(), progress.total());
        }
    }

    /** What somebody hears who has a model loaded. */
    static void show(LoadProgress progress, ProgressLine line) {
        switch (progress.step()) {
            case DOWNLOAD -> showDownload(progress.done(), progress.total(), line);
            case WEIGHTS ->
                line.show(
                        "loading",
                        progress.done(),
                        progress.total(),
                        "%d/%d blocks".formatted(progress.done(), progress.total()));
        }
    }

    private static void showDownload(long done, long total, ProgressLine line) {
        line.show("download", done, total, "%s of %s".formatted(ByteSize.text(done), ByteSize.text(total)));
    }
}
