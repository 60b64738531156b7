package dev.stratalens.cli.explore;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.explore.event.RunEvents;
import dev.stratalens.cli.explore.event.WrittenJson;
import dev.stratalens.cli.explore.form.RunForm;
import dev.stratalens.client.result.GenerationResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.StopReason;
import java.io.IOException;
import java.util.Optional;

/**
 * A run that ended well.
 *
 * @param form what was asked, with texts to write as ids
 * @param result what the lenses read, of a changed pass the changed one
 * @param text what the model wrote; empty if it only read
 */
record RunEnd(RunForm form, LensResult result, Optional<GenerationResult> text) {

    /** Number of tokens that the model wrote. */
    int written() {
        return text.map(each -> each.tokens().size()).orElse(0);
    }

    /** Whether the last of those is a token that ends texts. */
    boolean isEndedByModel() {
        return text.filter(each -> each.stopReason() == StopReason.END_TOKEN).isPresent();
    }

    void write(JsonWriter json) throws IOException {
        RunEvents.outcome(result, json);
        if (text.isPresent()) {
            WrittenJson.ending(text.get(), json);
        }
    }
}
