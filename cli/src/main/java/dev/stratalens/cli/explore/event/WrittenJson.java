package dev.stratalens.cli.explore.event;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.result.GeneratedToken;
import dev.stratalens.client.result.GenerationResult;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.TargetInfo;
import java.io.IOException;
import java.util.Locale;

/** A generated token as an event, and what is known of its position before its layers. */
public final class WrittenJson {

    private WrittenJson() {}

    public static void token(GeneratedToken token, JsonWriter json) throws IOException {
        json.name("position").value(token.position());
        json.name("token").beginObject();
        RunEvents.token(token.token(), json);
        json.endObject();
        json.name("forced").value(token.forced());
    }

    /**
     * The head of the layers of one position.
     *
     * @param info of a result that has the position
     */
    public static void column(ResultInfo info, int position, VocabularyJson vocabulary, JsonWriter json)
            throws IOException {
        json.name("position").value(position);
        RunEvents.prediction(info.finalTop(position), json.name("finalTop"));
        json.name("targetIds").beginArray();
        int at = info.positionIndex(position);
        for (TargetInfo target : info.targets()) {
            RunEvents.idOrNull(target.ids().get(at), json);
        }
        json.endArray();
        vocabulary.write(
                info.targets().stream()
                        .flatMap(target -> target.tokens().stream())
                        .toList(),
                json);
    }

    /** The whole text with the places of its tokens, why it ended, and with which random numbers it was drawn. */
    public static void ending(GenerationResult text, JsonWriter json) throws IOException {
        if (text.reading().prompt().isPresent()) {
            json.name("prompt").value(text.reading().prompt().get());
        }
        RunEvents.tokens(text.reading().tokens(), json);
        json.name("stopReason").value(text.stopReason().name().toLowerCase(Locale.ROOT));
        if (text.seed().isPresent()) {
            json.name("seed")
                    .value(Long.toString(text.seed().getAsLong())); // more digits than a number of the page has
        }
    }
}
