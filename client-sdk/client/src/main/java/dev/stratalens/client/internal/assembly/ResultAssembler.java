package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.internal.message.ModelReader;
import dev.stratalens.client.internal.message.ProgressReader;
import dev.stratalens.client.internal.message.WireDuration;
import dev.stratalens.client.internal.result.ColumnAttribution;
import dev.stratalens.client.internal.result.ColumnLayer;
import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.Attribution;
import dev.stratalens.client.result.InterventionEffect;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.ResultSummary;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.client.result.Timings;
import dev.stratalens.client.result.Token;
import dev.stratalens.v1.CellChunk;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.LensSummary;
import dev.stratalens.v1.PromptChunk;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of one stream together and refuses every stream that is not exactly
 * {@code header prompt_chunk+ (target_chunk | cell_chunk)* trajectory_chunk* attribution_chunk*
 * attributed_logits_chunk* intervention_effect? summary}, complete and consistent. Progress may come
 * between any two, and so may the events of the unchanged pass, which form a result of their own. By one thread at a time.
 */
public final class ResultAssembler {

    private final LensRequest request;
    private @Nullable HeaderReader header;
    private @Nullable BodyAssembler body;
    private @Nullable ResultColumns result;
    private final ProgressReader progress = new ProgressReader();
    private final Deque<ReadLayer> complete = new ArrayDeque<>();
    private Consumer<Progress> onProgress = state -> {};
    private boolean forgetting;
    /** Of the pass without interventions. */
    private @Nullable ResultAssembler unchanged;

    private Optional<InterventionEffect> effect = Optional.empty();

    /** An assembler for the answer to this request. */
    public ResultAssembler(LensRequest request) {
        this.request = request;
        this.unchanged = request.unchangedToo()
                ? new ResultAssembler(request.toBuilder().withoutInterventions().build())
                : null;
    }

    /** Sets who is told of progress. */
    public void onProgress(Consumer<Progress> listener) {
        onProgress = listener;
    }

    /** Keeps no layer once {@link #nextLayer} gave it: the result will lack them. Not with trajectories, which refer to them. */
    public void forgetLayers() {
        forgetting = true;
        if (unchanged != null) {
            unchanged.forgetLayers();
        }
    }

    /** What is known before the first layer, once all targets came. */
    public @Nullable ResultInfo info() {
        return body == null ? null : body.info();
    }

    /** What the server says of the model, once the header came. */
    public @Nullable ModelFacts model() {
        return header == null ? null : ModelReader.facts(header.header().getModel());
    }

    /** The next layer that is complete; null if none is, or if what it refers to has not come. */
    public @Nullable LayerResult nextLayer() {
        ResultInfo info = info();
        ReadLayer layer = info == null ? null : complete.poll();
        return info == null || layer == null
                ? null
                : new ColumnLayer(info, layer.lens(), layer.columns(), vocabulary());
    }

    /** Takes an event. */
    public void add(Event event) {
        if (event.getUnchanged()) {
            unchanged().take(event);
        } else {
            take(event);
        }
    }

    private void take(Event event) {
        Event.KindCase kind = event.getKindCase();
        require(result == null || kind == Event.KindCase.KIND_NOT_SET, "%s came after the summary", kind);
        switch (kind) {
            case HEADER -> header(event.getHeader());
            case PROMPT_CHUNK -> prompt(event.getPromptChunk());
            case TARGET_CHUNK -> body("targets").add(event.getTargetChunk());
            case CELL_CHUNK -> cells(event.getCellChunk());
            case TRAJECTORY_CHUNK -> body("a trajectory").add(event.getTrajectoryChunk());
            case ATTRIBUTION_CHUNK -> body("an attribution").attribution().add(event.getAttributionChunk());
            case ATTRIBUTED_LOGITS_CHUNK -> body("an attribution").attribution().add(event.getAttributedLogitsChunk());
            case INTERVENTION_EFFECT -> effect(event.getInterventionEffect());
            case SUMMARY -> summary(event.getSummary());
            case PROGRESS -> onProgress.accept(progress.read(event.getProgress()));
            case GENERATED_TOKEN, GENERATION_SUMMARY, KIND_NOT_SET -> {} // not asked for yet
        }
    }

    /** The result, at the stream's end. */
    public LensResult finish() {
        if (result == null) {
            throw BrokenStream.error("the stream ended without a summary; last seen: " + state());
        }
        return result.view();
    }

    private HeaderReader requireHeader() {
        if (header == null) {
            throw BrokenStream.error("an effect came before the header");
        }
        return header;
    }

    private ResultAssembler unchanged() {
        if (unchanged == null) {
            throw BrokenStream.error("an unchanged result came, but none was asked for");
        }
        return unchanged;
    }

    private void effect(dev.stratalens.v1.InterventionEffect message) {
        require(request.asksForEffect(), "an effect came, but none was asked for");
        require(effect.isEmpty(), "a second effect came");
        effect = Optional.of(InterventionEffectReader.read(
                request, requireHeader().readPoints(), body("an effect").requireInfo("an effect"), message));
    }

    private void header(LensHeader event) {
        require(header == null, "a second header came");
        header = new HeaderReader(request, event);
    }

    private void prompt(PromptChunk chunk) {
        if (header == null) {
            throw BrokenStream.error("a prompt chunk came before the header");
        }
        header.add(chunk);
        if (header.isComplete()) {
            body = new BodyAssembler(header);
        }
    }

    private void cells(CellChunk chunk) {
        BodyAssembler layers = body("a layer");
        ReadLayer layer = layers.add(chunk);
        if (layer != null) {
            complete.add(layer);
            if (forgetting) {
                layers.forgetLayers();
            }
        }
    }

    /** Texts of the ids that came so far; grows with the stream. */
    private Map<Integer, Token> vocabulary() {
        return header == null ? Map.of() : header.texts().byId();
    }

    private BodyAssembler body(String what) {
        if (body == null) {
            throw BrokenStream.error(what + " came before " + (header == null ? "the header" : "all of the prompt"));
        }
        return body;
    }

    private void summary(LensSummary summary) {
        BodyAssembler done = body("the summary");
        done.requireComplete(summary.getOmittedRowCount());
        ResultInfo info = done.requireInfo("the summary");
        long cells = info.readings().stream()
                        .mapToLong(reading -> reading.readPoints().size())
                        .sum()
                * info.positions().size();
        require(
                summary.getCellCount() == cells,
                "the summary counts %s cells where %d came",
                Long.toUnsignedString(summary.getCellCount()),
                cells);
        require(request.asksForEffect() == effect.isPresent(), "the effect of the interventions is missing");
        require(summary.hasSelfCheck(), "the summary has no self-check");
        result = new ResultColumns(
                info,
                done.lenses(),
                vocabulary(),
                ResultSummary.builder()
                        .selfCheck(SelfCheck.of(
                                summary.getSelfCheck().getMaxLogitDifference(),
                                summary.getSelfCheck().getTop1Agrees(),
                                summary.getSelfCheck().getPositionsList()))
                        .timings(Optional.of(Timings.builder()
                                .queued(WireDuration.read(summary.getQueued()))
                                .forward(WireDuration.read(summary.getForward()))
                                .lens(WireDuration.read(summary.getLens()))
                                .build()))
                        .attribution(attribution(done, info, summary))
                        .effect(effect)
                        .unchanged(Optional.ofNullable(unchanged).map(ResultAssembler::finish))
                        .omittedTrajectories(summary.getOmittedRowCount())
                        .reservedBytes(summary.getReservedBytes())
                        .build());
    }

    private Optional<Attribution> attribution(BodyAssembler done, ResultInfo info, LensSummary summary) {
        return request.attributed()
                ? Optional.of(new ColumnAttribution(
                        info, done.attribution().columns(summary.getLargestAttributionDifference())))
                : Optional.empty();
    }

    private String state() {
        if (body == null) {
            return header == null ? "nothing" : "the header";
        }
        return body.state();
    }
}
