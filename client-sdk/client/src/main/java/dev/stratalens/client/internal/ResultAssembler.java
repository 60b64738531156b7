package dev.stratalens.client.internal;

import static dev.stratalens.client.internal.BrokenStream.require;

import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LayerColumns;
import dev.stratalens.client.result.ResultColumns;
import dev.stratalens.client.result.RunFacts;
import dev.stratalens.client.result.RunInfo;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.client.result.Timings;
import dev.stratalens.client.result.Token;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.LensSummary;
import dev.stratalens.v1.LensTargets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of one stream together and refuses every stream that is not exactly
 * {@code header targets layer_chunk* trajectory_chunk* summary}, complete and consistent. Progress is for others.
 */
public final class ResultAssembler {

    private static final double MILLIS = 1e3;

    private final LensRequest request;
    private @Nullable HeaderReader header;
    private @Nullable Body body;
    private @Nullable ResultColumns result;

    /** What follows the targets event. */
    private record Body(RunInfo info, LayerAssembler layers, TrajectoryAssembler trajectories) {}

    /** An assembler for the answer to this request. */
    public ResultAssembler(LensRequest request) {
        this.request = request;
    }

    /** What is known before the first layer, once the targets event came. */
    public @Nullable RunInfo info() {
        return body == null ? null : body.info();
    }

    /** Texts of the ids that came so far; grows with the stream. */
    public Map<Integer, Token> vocabulary() {
        return header == null ? Map.of() : header.texts().byId();
    }

    /** Takes an event; gives the layer that it completes. */
    public @Nullable LayerColumns add(AnalyzeResponse event) {
        require(
                result == null || event.getEventCase() == AnalyzeResponse.EventCase.EVENT_NOT_SET,
                "%s came after the summary",
                event.getEventCase());
        switch (event.getEventCase()) {
            case HEADER -> header(event.getHeader());
            case TARGETS -> targets(event.getTargets());
            case LAYER_CHUNK -> {
                return body("a layer").layers().add(event.getLayerChunk());
            }
            case TRAJECTORY_CHUNK -> {
                Body begun = bodyWithAllLayers("a trajectory");
                begun.trajectories().add(event.getTrajectoryChunk());
            }
            case SUMMARY -> summary(event.getSummary());
            case PROGRESS, EVENT_NOT_SET -> {}
        }
        return null;
    }

    /** The result, when the stream has ended well. */
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

    private void targets(LensTargets event) {
        if (header == null) {
            throw BrokenStream.error("the targets came before the header");
        }
        require(body == null, "the targets came twice");
        RunInfo info = header.withTargets(event);
        LayerAssembler layers = new LayerAssembler(info, header.texts());
        body = new Body(info, layers, new TrajectoryAssembler(info, layers.layers()));
    }

    private Body body(String what) {
        if (body == null) {
            throw BrokenStream.error(what + " came before the " + (header == null ? "header" : "targets"));
        }
        return body;
    }

    private Body bodyWithAllLayers(String what) {
        Body begun = body(what);
        if (!begun.layers().isComplete()) {
            throw BrokenStream.error(what + " came where " + begun.layers().expected() + " was expected");
        }
        return begun;
    }

    private void summary(LensSummary summary) {
        Body done = bodyWithAllLayers("the summary");
        RunInfo info = done.info();
        long cells = (long) info.layers().size() * info.positions().size();
        require(
                summary.getCellCount() == cells,
                "the summary counts %s cells where %d came",
                Long.toUnsignedString(summary.getCellCount()),
                cells);
        require(summary.hasSelfCheck(), "the summary has no self-check");
        result = new ResultColumns(
                info,
                done.layers().layers(),
                done.trajectories().finish(summary.getOmittedRowCount()),
                vocabulary(),
                new SelfCheck(
                        summary.getSelfCheck().getMaxLogitDifference(),
                        summary.getSelfCheck().getTop1Agrees(),
                        summary.getSelfCheck().getPositionsList()),
                new Timings(
                        MILLIS * summary.getQueueSeconds(),
                        MILLIS * summary.getForwardSeconds(),
                        MILLIS * summary.getLensSeconds()),
                new RunFacts(summary.getOmittedRowCount(), summary.getReservedBytes()));
    }

    private String state() {
        if (body == null) {
            return header == null ? "nothing" : "the header";
        }
        return body.layers().isComplete()
                ? "all layers"
                : body.layers().layers().size() + " of " + body.info().layers().size() + " layers";
    }
}
