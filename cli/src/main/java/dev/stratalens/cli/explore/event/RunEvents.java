package dev.stratalens.cli.explore.event;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensReading;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Timings;
import dev.stratalens.client.result.Token;
import dev.stratalens.report.file.AttributionJson;
import dev.stratalens.report.file.StatisticJson;
import dev.stratalens.report.page.PageOrigin;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** The first and the last event of a run: what is known before the layers and what only after them. Keys are the page's. */
public final class RunEvents {

    private RunEvents() {}

    public static void head(ResultInfo info, VocabularyJson vocabulary, JsonWriter json) throws IOException {
        json.name("requestId").value(info.requestId());
        model(info.model(), json);
        PageOrigin.today().write(json.name("origin"));
        json.name("lenses").beginArray();
        for (Lens lens : info.lenses()) {
            lens(lens, info.reading(lens), json);
        }
        json.endArray();
        json.name("approximate").value(info.approximate());
        json.name("numberForm").value(info.numberForm().name().toLowerCase(Locale.ROOT));
        if (info.prompt().isPresent()) {
            json.name("prompt").value(info.prompt().get());
        }
        tokens(info.tokens(), json);
        integers("positions", info.positions(), json);
        json.name("k").value(info.k());
        if (!info.candidates().areMostLikely()) {
            json.name("candidates").value(info.candidates().name());
        }
        json.name("statistics").beginArray();
        for (Statistic statistic : info.statistics()) {
            StatisticJson.write(statistic, info.model().vocabularySize().orElse(0), json);
        }
        json.endArray();
        json.name("hasTrajectories").value(info.hasTrajectories());
        json.name("targets").beginArray();
        for (TargetInfo target : info.targets()) {
            target(target, json);
        }
        json.endArray();
        vocabulary.write(
                info.targets().stream()
                        .flatMap(target -> target.tokens().stream())
                        .toList(),
                json);
        json.name("finalTops").beginArray();
        for (Prediction top : info.finalTops()) {
            prediction(top, json);
        }
        json.endArray();
    }

    private static void lens(Lens lens, LensReading reading, JsonWriter json) throws IOException {
        json.beginObject().name("lens").value(lens.name());
        json.name("layers").beginArray();
        for (ReadPoint point : reading.readPoints()) {
            PageLayer.write(point, json);
        }
        json.endArray();
        if (lens.map().isPresent()) {
            json.name("fit").beginObject();
            json.name("decodesLastBlockAsModel").value(reading.decodesLastBlockAsModel());
            json.name("skippedPositions").value(reading.skippedPositions());
            json.name("warnings").beginArray();
            for (String warning : reading.warnings()) {
                json.value(warning);
            }
            json.endArray().endObject();
        }
        json.endObject();
    }

    public static void outcome(LensResult result, JsonWriter json) throws IOException {
        SelfCheck check = result.selfCheck().orElseThrow(); // every server sends one
        json.name("selfCheck").beginObject();
        json.name("maxLogitDifference").value(text(check.maxLogitDifference()));
        json.name("top1Agrees").value(check.top1Agrees());
        integers("positions", check.positions(), json);
        json.endObject();
        if (result.timings().isPresent()) {
            Timings timings = result.timings().get();
            json.name("timings").beginObject();
            json.name("queuedMs").value(milliseconds(timings.queued()));
            json.name("forwardMs").value(milliseconds(timings.forward()));
            json.name("lensMs").value(milliseconds(timings.lens()));
            json.endObject();
        }
        if (result.attribution().isPresent()) {
            AttributionJson.write(result.attribution().get(), json);
        }
        if (result.effect().isPresent()) {
            EffectJson.write(result, result.effect().get(), json);
        }
        json.name("omittedTrajectories").value(result.summary().omittedTrajectories());
        json.name("reservedBytes").value(result.summary().reservedBytes());
    }

    public static void tokens(List<PromptToken> tokens, JsonWriter json) throws IOException {
        json.name("tokens").beginArray();
        for (PromptToken token : tokens) {
            json.beginObject();
            token(token.token(), json);
            if (token.start().isPresent() && token.end().isPresent()) {
                json.name("start").value(token.start().getAsInt());
                json.name("end").value(token.end().getAsInt());
            }
            json.endObject();
        }
        json.endArray();
    }

    /** Fields of a token. */
    public static void token(Token token, JsonWriter json) throws IOException {
        json.name("id").value(token.id());
        json.name("raw").value(token.raw());
        json.name("text").value(token.text());
    }

    static void prediction(Prediction top, JsonWriter json) throws IOException {
        json.beginObject().name("token").beginObject();
        token(top.token(), json);
        json.endObject().name("logProb").value(text(top.logProb())).endObject();
    }

    static void idOrNull(OptionalInt id, JsonWriter json) throws IOException {
        if (id.isPresent()) {
            json.value(id.getAsInt());
        } else {
            json.nullValue();
        }
    }

    private static void model(ModelInfo model, JsonWriter json) throws IOException {
        json.name("model").beginObject();
        json.name("name").value(model.name());
        json.name("architecture").value(model.architecture());
        json.name("layers").value(model.layers());
        json.name("hiddenSize").value(model.hiddenSize().orElse(0));
        json.name("vocabularySize").value(model.vocabularySize().orElse(0));
        json.name("storedType").value(model.storedType());
        json.name("computeType").value(model.computeType());
        json.name("revision").value(model.revision());
        json.endObject();
    }

    private static void target(TargetInfo asked, JsonWriter json) throws IOException {
        json.beginObject();
        LensTarget target = asked.target();
        if (target instanceof LensTarget.Text text) {
            json.name("kind").value("text").name("text").value(text.text());
        } else if (target instanceof LensTarget.TokenId) {
            json.name("kind").value("id");
        } else {
            json.name("kind").value(target instanceof LensTarget.NextToken ? "next_token" : "final_top");
        }
        integers("tokenIds", asked.tokens().stream().map(Token::id).toList(), json);
        json.name("ids").beginArray();
        for (OptionalInt id : asked.ids()) {
            idOrNull(id, json);
        }
        json.endArray();
        json.endObject();
    }

    private static void integers(String name, List<Integer> values, JsonWriter json) throws IOException {
        json.name(name).beginArray();
        for (int value : values) {
            json.value(value);
        }
        json.endArray();
    }

    private static double milliseconds(Duration time) {
        return time.toNanos() / 1e6;
    }

    /** JSON has no word for what is not finite; the page reads numbers from texts, too. */
    private static String text(double value) {
        return Double.toString(value);
    }
}
