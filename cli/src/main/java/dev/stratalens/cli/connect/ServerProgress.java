package dev.stratalens.cli.connect;

import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.model.Progress;

/** Shows how far a server is with a request, or with the loading of a model. */
public final class ServerProgress {

    private ServerProgress() {}

    /**
     * What a request hears.
     *
     * @param name stands before it where there are several requests; may be empty
     */
    public static void show(Progress state, String name, ProgressLine line) {
        String before = name.isEmpty() ? "" : name + " ";
        long total = state.total().orElse(0);
        switch (state.phase()) {
            case QUEUED -> line.show("%swaiting, %d ahead".formatted(before, state.left().orElse(0)));
            case DOWNLOAD -> showDownload(before, state.done(), total, line);
            case LOADING -> line.show(before + "loading", state.done(), total);
            case FORWARD -> line.show(before + "forward", state.done(), total);
            case LENS -> line.show(before + "lens", state.done(), total);
            case TRAJECTORIES -> line.show(before + "trajectories", state.done(), total);
        }
    }

    /** What somebody hears who has a model loaded. */
    public static void show(Progress progress, ProgressLine line) {
        long total = progress.total().orElse(0);
        if (progress.phase() == Progress.Phase.LOADING) {
            line.show(
                    "loading",
                    progress.done(),
                    total,
                    "%s of %s".formatted(ByteSize.text(progress.done()), ByteSize.text(total)));
        } else {
            show(progress, "", line);
        }
    }

    private static void showDownload(String before, long done, long total, ProgressLine line) {
        line.show(before + "download", done, total, "%s of %s".formatted(ByteSize.text(done), ByteSize.text(total)));
    }
}
