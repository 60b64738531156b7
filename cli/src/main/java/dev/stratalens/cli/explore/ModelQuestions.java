package dev.stratalens.cli.explore;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.connect.BlockPlaces;
import dev.stratalens.cli.connect.DeviceWords;
import dev.stratalens.cli.explore.event.RunEvents;
import dev.stratalens.cli.explore.form.PromptForm;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.model.LensInfo;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.client.model.ServerDevice;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.request.TokenizeRequest;
import dev.stratalens.client.result.Tokenization;
import dev.stratalens.report.file.StatisticJson;
import java.io.IOException;
import java.util.Locale;

/**
 * What the page asks beside runs.
 *
 * @param client asks the server
 * @param opening what the page begins with
 */
record ModelQuestions(LensClient client, Opening opening) {

    /** The served models, the devices, and which model and what prompt the page begins with. */
    Answer models() throws IOException {
        var models = client.models();
        var devices = client.serverInfo().devices();
        return Answer.json(json -> {
            json.name("model").value(opening.model());
            if (opening.prompt().isPresent()) {
                json.name("prompt").value(opening.prompt().get());
            }
            json.name("statistics").beginArray();
            for (Statistic statistic : Statistic.all()) {
                if (!statistic.equals(Statistic.LOG_SUM_EXP)) { // which is always asked for
                    StatisticJson.write(statistic, 0, json);
                }
            }
            json.endArray();
            json.name("devices").beginArray();
            for (ServerDevice device : devices) {
                json.value(DeviceWords.of(device));
            }
            json.endArray();
            json.name("models").beginArray();
            for (ServedModel model : models) {
                write(model, json);
            }
            json.endArray();
        });
    }

    private static void write(ServedModel model, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("name").value(model.name());
        json.name("state").value(model.state().name().toLowerCase(Locale.ROOT));
        if (model.error().isPresent()) {
            json.name("error").value(model.error().get());
        }
        if (model.facts().isPresent()) {
            var facts = model.facts().get();
            json.name("architecture").value(facts.info().architecture());
            json.name("layers").value(facts.info().layers());
            json.name("contextLength").value(facts.contextLength());
            json.name("hasChatTemplate").value(facts.hasChatTemplate());
            json.name("lenses").beginArray();
            for (LensInfo lens : facts.lenses()) {
                json.value(lens.name());
            }
            json.endArray();
            json.name("places").value(BlockPlaces.withWeights(facts, model.memory()));
        }
        json.endObject();
    }

    /** A prompt as the model reads it; of a chat, the template around it, too. */
    Answer tokens(PromptForm prompt) throws IOException {
        Tokenization tokenization = client.tokenize(TokenizeRequest.of(prompt.prompt())
                .model(prompt.servedName())
                .specialTokens(prompt.added())
                .build());
        return Answer.json(json -> {
            json.name("contextLength").value(tokenization.contextLength());
            RunEvents.tokens(tokenization.tokens(), json);
        });
    }
}
