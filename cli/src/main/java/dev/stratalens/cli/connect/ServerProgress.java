package dev.stratalens.cli.connect;

import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.model.LoadProgress;
import dev.stratalens.client.result.LensProgress;

/** Shows how far a server is with a request, or with the loading of a model. */
public final class ServerProgress {

    private ServerProgress() {}

    /**
     * What a request hears.
     *
     * @param name stands before it where there are several requests; may be empty
     */
    public static void show(LensProgress state, String name, ProgressLine line) {
        String before = name.isEmpty() ? "" : name + " ";
        switch (state.phase()) {
            case QUEUED -> line.show("%swaiting, %d ahead".formatted(before, state.queuePosition()));
            case LOADING ->
                state.download()
                        .ifPresentOrElse(
                                download -> showDownload(before, download.doneBytes(), download.totalBytes(), line),
                                () -> line.show(before + "loading", state.done(), state.total()));
            case FORWARD -> line.show(before + "forward", state.done(), state.total());
            case LENS -> line.show(before + "lens", state.done(), state.total());
        }
    }

    /** What somebody hears who has a model loaded. */
    public static void show(LoadProgress progress, ProgressLine line) {
        switch (progress.step()) {
            case DOWNLOAD -> showDownload("", progress.done(), progress.total(), line);
            case WEIGHTS ->
                line.show(
                        "loading",
                        progress.done(),
                        progress.total(),
                        "%d/%d blocks".formatted(progress.done(), progress.total()));
        }
    }

    private static void showDownload(String before, long done, long total, ProgressLine line) {
        line.show(before + "download", done, total, "%s of %s".formatted(ByteSize.text(done), ByteSize.text(total)));
    }
}
