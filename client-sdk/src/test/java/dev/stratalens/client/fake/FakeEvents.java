package dev.stratalens.client.fake;

import com.google.protobuf.ByteString;
import dev.stratalens.client.LensRequest;
import dev.stratalens.client.Prompt;
import dev.stratalens.client.Statistic;
import dev.stratalens.client.Trajectories.Encoding;
import dev.stratalens.client.internal.LayerColumns;
import dev.stratalens.client.internal.RequestWriter;
import dev.stratalens.client.internal.TrackedColumns;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LayerChunk;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.LensSummary;
import dev.stratalens.v1.LensTargets;
import dev.stratalens.v1.ModelDescription;
import dev.stratalens.v1.SelfCheck;
import dev.stratalens.v1.TargetDescription;
import dev.stratalens.v1.TokenTable;
import dev.stratalens.v1.TrajectoryChunk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/** Puts made-up numbers into the messages of the contract, as a server does. */
final class FakeEvents {

    private final LensRequest request;
    private final FakeValues values;
    private final ModelDescription model;
    private final IntFunction<ByteString> bytes;
    private final ChunkSizes sizes;
    private final Set<Integer> toldIds = new HashSet<>();
    private long omittedRows;

    /**
     * How large messages grow.
     *
     * @param positions positions of a layer chunk
     * @param rows rows of a trajectory chunk
     */
    record ChunkSizes(int positions, int rows) {}

    FakeEvents(
            LensRequest request,
            FakeValues values,
            ModelDescription model,
            IntFunction<ByteString> bytes,
            ChunkSizes sizes) {
        this.request = request;
        this.values = values;
        this.model = model;
        this.bytes = bytes;
        this.sizes = sizes;
    }

    List<AnalyzeResponse> all() {
        List<AnalyzeResponse> events = new ArrayList<>();
        events.add(AnalyzeResponse.newBuilder().setHeader(header()).build());
        events.add(AnalyzeResponse.newBuilder().setTargets(targets()).build());
        for (LayerColumns layer : values.cells()) {
            for (int first = 0; first < values.positions().size(); first += sizes.positions()) {
                int count = Math.min(sizes.positions(), values.positions().size() - first);
                events.add(AnalyzeResponse.newBuilder()
                        .setLayerChunk(layer(layer, first, count))
                        .build());
            }
        }
        if (request.trajectories().encoding() != Encoding.NONE) {
            for (int i = 0; i < values.positions().size(); i++) {
                for (TrajectoryChunk chunk : trajectories(i)) {
                    events.add(AnalyzeResponse.newBuilder()
                            .setTrajectoryChunk(chunk)
                            .build());
                }
            }
        }
        events.add(AnalyzeResponse.newBuilder().setSummary(summary()).build());
        return events;
    }

    private LensHeader header() {
        AnalyzeRequest wire = RequestWriter.write(request);
        LensHeader.Builder header = LensHeader.newBuilder()
                .setRequestId(request.requestId())
                .setModel(model)
                .addAllTokenIds(values.promptIds())
                .addAllLayers(values.layers())
                .addAllPositions(values.positions())
                .setTopK(request.topK())
                .addAllStatistics(wire.getStatisticsList())
                .setTrajectoryEncoding(wire.getTrajectories().getEncoding())
                .setSkipFinalNorm(request.skipFinalNorm());
        List<Integer> ids = new ArrayList<>(values.promptIds());
        for (int m = 0; m < wire.getTargetsCount(); m++) {
            header.addTargets(TargetDescription.newBuilder()
                    .setTarget(wire.getTargets(m))
                    .addAllTokenIds(values.targetTokenIds().get(m)));
            ids.addAll(values.targetTokenIds().get(m));
        }
        if (request.prompt() instanceof Prompt.Text) {
            for (int i = 0; i < values.promptIds().size(); i++) {
                header.addTokenStarts(3 * i).addTokenEnds(3 * i + 3);
            }
        }
        return header.setNewTokens(newTokens(ids)).build();
    }

    private LensTargets targets() {
        LensTargets.Builder targets = LensTargets.newBuilder();
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < values.positions().size(); i++) {
            targets.addFinalTopIds(values.finalTopIds()[i]).addFinalTopLogProbs(values.finalTopLogProbs()[i]);
            ids.add(values.finalTopIds()[i]);
        }
        for (int id : values.targetIds()) {
            targets.addTargetIds(id);
        }
        return targets.setNewTokens(newTokens(ids)).build();
    }

    private LayerChunk layer(LayerColumns layer, int first, int count) {
        int k = request.topK();
        int m = request.targets().size();
        LayerChunk.Builder chunk = LayerChunk.newBuilder()
                .setLayer(layer.layer())
                .setFirstPositionIndex(first)
                .setPositionCount(count);
        List<Integer> ids = new ArrayList<>();
        for (int i = first * k; i < (first + count) * k; i++) {
            chunk.addTokenIds(layer.topIds()[i]).addLogProbs(layer.topLogProbs()[i]);
            ids.add(layer.topIds()[i]);
        }
        for (int i = first * m; i < (first + count) * m; i++) {
            chunk.addTargetRanks(layer.targetRanks()[i]).addTargetLogProbs(layer.targetLogProbs()[i]);
        }
        for (int i = first; i < first + count; i++) {
            chunk.addLogSumExps(layer.logSumExps()[i]);
            if (request.statistics().contains(Statistic.ENTROPY)) {
                chunk.addEntropies(layer.entropies()[i]);
            }
            if (request.statistics().contains(Statistic.KL_FROM_FINAL)) {
                chunk.addKlFromFinals(layer.klFromFinals()[i]);
            }
            if (request.statistics().contains(Statistic.KL_FROM_NEXT)) {
                chunk.addKlFromNexts(layer.klFromNexts()[i]);
            }
        }
        return chunk.setNewTokens(newTokens(ids)).build();
    }

    private List<TrajectoryChunk> trajectories(int index) {
        TrackedColumns tracked = values.tracked().get(index);
        int l = values.layers().size();
        List<TrajectoryChunk> chunks = new ArrayList<>();
        TrajectoryChunk.Builder chunk = TrajectoryChunk.newBuilder().setPositionIndex(index);
        for (int row = 0; row < tracked.ids().length; row++) {
            if (!values.isSent(tracked, row, request.trajectories().minimumPeak())) {
                omittedRows++;
                continue;
            }
            if (chunk.getTokenIdsCount() == sizes.rows()) {
                chunks.add(chunk.build());
                chunk = TrajectoryChunk.newBuilder().setPositionIndex(index);
            }
            chunk.addTokenIds(tracked.ids()[row]);
            for (int i = row * l; i < (row + 1) * l; i++) {
                if (request.trajectories().encoding() == Encoding.FLOAT32) {
                    chunk.addLogProbs(tracked.logProbs()[i]);
                } else {
                    chunk.addProbabilitiesPpm((int) Math.round(1e6 * Math.exp(tracked.logProbs()[i])));
                }
            }
        }
        chunks.add(chunk.build());
        return chunks;
    }

    private LensSummary summary() {
        return LensSummary.newBuilder()
                .setCellCount((long) values.layers().size() * values.positions().size())
                .setOmittedRowCount(omittedRows)
                .setSelfCheck(SelfCheck.newBuilder()
                        .setMaxLogitDifference(1.5e-6f)
                        .setTop1Agrees(true)
                        .addPositions(values.positions().get(0)))
                .setQueueSeconds(0.001)
                .setForwardSeconds(0.0421)
                .setLensSeconds(0.3)
                .setReservedBytes(1 << 20)
                .build();
    }

    /** Regular spellings need no text of their own; every seventh id has an irregular one. */
    private TokenTable newTokens(List<Integer> ids) {
        TokenTable.Builder table = TokenTable.newBuilder();
        for (int id : ids) {
            if (toldIds.add(id)) {
                ByteString text = bytes.apply(id);
                table.addIds(id).addTexts(text);
                if (id % 7 == 0 && !text.isEmpty() && model.getVocabularySize() == RandomRun.VOCABULARY) {
                    table.addIrregularIds(id).addIrregularSpellings("<|" + id + "|>");
                }
            }
        }
        return table.build();
    }
}
