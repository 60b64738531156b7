package dev.stratalens.cli.connect;

import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.cli.terminal.TimeText;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.model.Progress.Phase;
import dev.stratalens.client.model.Progress.Unit;
import java.util.Locale;

/** Shows how far a server is with a request, or with the loading of a model. */
public final class ServerProgress {

    private ServerProgress() {}

    /**
     * Shows what a request, or the loading of a model, reports.
     *
     * @param name stands before it where there are several requests; may be empty
     */
    public static void show(Progress state, String name, ProgressLine line) {
        String before = name.isEmpty() ? "" : name + " ";
        if (state.phase() == Phase.QUEUED) {
            line.show(
                    "%swaiting, %d ahead%s".formatted(before, state.left().orElse(0), TimeText.left(state.timeLeft())));
            return;
        }
        String phase = before + state.phase().name().toLowerCase(Locale.ROOT);
        if (state.total().isEmpty()) {
            line.show(phase);
            return;
        }
        long total = state.total().getAsLong();
        if (state.unit() == Unit.BYTES) {
            line.showBytes(phase, state.done(), total, "");
        } else {
            line.show(phase, state.done(), total);
        }
    }
}
