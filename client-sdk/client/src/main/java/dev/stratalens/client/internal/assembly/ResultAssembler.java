package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.internal.message.WireDuration;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.ResultColumns;
import dev.stratalens.client.result.RunFacts;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.client.result.Timings;
import dev.stratalens.client.result.Token;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.LensSummary;
import dev.stratalens.v1.PromptChunk;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of one stream together and refuses every stream that is not exactly
 * {@code header prompt_chunk+ (target_chunk | cell_chunk)* trajectory_chunk* summary}, complete and consistent. Progress is
 * for others.
 */
public final class ResultAssembler {

    private final LensRequest request;
    private @Nullable HeaderReader header;
    private @Nullable BodyAssembler body;
    private @Nullable ResultColumns result;

    /** An assembler for the answer to this request. */
    public ResultAssembler(LensRequest request) {
        this.request = request;
    }

    /** What is known before the first layer, once all targets came. */
    public @Nullable ResultInfo info() {
        return body == null ? null : body.info();
    }

    /** Texts of the ids that came so far; grows with the stream. */
    public Map<Integer, Token> vocabulary() {
        return header == null ? Map.of() : header.texts().byId();
    }

    /** Takes an event; gives the layer that it completes. */
    public @Nullable ReadLayer add(Event event) {
        Event.KindCase kind = event.getKindCase();
        require(result == null || kind == Event.KindCase.KIND_NOT_SET, "%s came after the summary", kind);
        switch (kind) {
            case HEADER -> header(event.getHeader());
            case PROMPT_CHUNK -> prompt(event.getPromptChunk());
            case TARGET_CHUNK -> body("targets").add(event.getTargetChunk());
            case CELL_CHUNK -> {
                return body("a layer").add(event.getCellChunk());
            }
            case TRAJECTORY_CHUNK -> body("a trajectory").add(event.getTrajectoryChunk());
            case SUMMARY -> summary(event.getSummary());
            case PROGRESS, KIND_NOT_SET -> {}
        }
        return null;
    }

    /** Lets go of the layers so far: the result will lack them. Not for streams with trajectories, which go on from them. */
    public void forgetLayers() {
        if (body != null) {
            body.forgetLayers();
        }
    }

    /** The result, at the stream's end. */
    public ResultColumns finish() {
        if (result == null) {
            throw BrokenStream.error("the stream ended without a summary; last seen: " + state());
        }
        return result;
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
        long cells = (long) info.lenses().size()
                * info.readPoints().size()
                * info.positions().size();
        require(
                summary.getCellCount() == cells,
                "the summary counts %s cells where %d came",
                Long.toUnsignedString(summary.getCellCount()),
                cells);
        require(summary.hasSelfCheck(), "the summary has no self-check");
        result = new ResultColumns(
                info,
                done.lenses(),
                vocabulary(),
                new SelfCheck(
                        summary.getSelfCheck().getMaxLogitDifference(),
                        summary.getSelfCheck().getTop1Agrees(),
                        summary.getSelfCheck().getPositionsList()),
                Optional.of(new Timings(
                        WireDuration.read(summary.getQueued()),
                        WireDuration.read(summary.getForward()),
                        WireDuration.read(summary.getLens()))),
                new RunFacts(summary.getOmittedRowCount(), summary.getReservedBytes()));
    }

    private String state() {
        if (body == null) {
            return header == null ? "nothing" : "the header";
        }
        return body.state();
    }
}
