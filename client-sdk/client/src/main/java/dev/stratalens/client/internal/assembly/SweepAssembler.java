package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.internal.message.ModelReader;
import dev.stratalens.client.internal.message.ProgressReader;
import dev.stratalens.client.internal.message.WireDuration;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.result.SweepCell;
import dev.stratalens.client.result.SweepInfo;
import dev.stratalens.client.result.SweepResult;
import dev.stratalens.v1.PromptChunk;
import dev.stratalens.v1.SweepCells;
import dev.stratalens.v1.SweepEvent;
import dev.stratalens.v1.SweepHeader;
import dev.stratalens.v1.SweepSummary;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of one sweep together and refuses every stream that is not exactly {@code header prompt_chunk+ cells* summary},
 * complete and consistent. Progress may come between any two. By one thread at a time.
 */
public final class SweepAssembler {

    private final ProgressReader progress = new ProgressReader();
    private final Deque<SweepCell> came = new ArrayDeque<>();
    private Consumer<Progress> onProgress = state -> {};
    private @Nullable SweepHeader header;
    private @Nullable PromptAssembler prompt;
    private @Nullable SweepInfo info;
    private @Nullable SweepCell[] cells = new SweepCell[0];
    private @Nullable SweepResult result;

    /** Sets who is told of progress. */
    public void onProgress(Consumer<Progress> listener) {
        onProgress = listener;
    }

    /** What is known before the cells, once it came. */
    public @Nullable SweepInfo info() {
        return info;
    }

    /** The next cell that came; null if none is there. */
    public @Nullable SweepCell nextCell() {
        return came.poll();
    }

    /** Takes an event. */
    public void add(SweepEvent event) {
        SweepEvent.KindCase kind = event.getKindCase();
        require(result == null || kind == SweepEvent.KindCase.KIND_NOT_SET, "%s came after the summary", kind);
        switch (kind) {
            case HEADER -> header(event.getHeader());
            case PROMPT_CHUNK -> prompt(event.getPromptChunk());
            case CELLS -> cells(event.getCells());
            case SUMMARY -> summary(event.getSummary());
            case PROGRESS -> onProgress.accept(progress.read(event.getProgress()));
            case KIND_NOT_SET -> {}
        }
    }

    /** The result, at the stream's end. */
    public SweepResult finish() {
        if (result == null) {
            throw BrokenStream.error("the sweep ended without a summary");
        }
        return result;
    }

    private void header(SweepHeader event) {
        require(header == null, "a second header came");
        require(event.getLayersCount() > 0, "the header of the sweep has no layers");
        header = event;
        prompt = new PromptAssembler(
                event.getTokenCount(),
                new StreamVocabulary(
                        event.getModel().getTokenSpelling(), event.getModel().getVocabularySize()));
    }

    private void prompt(PromptChunk chunk) {
        if (header == null || prompt == null) {
            throw BrokenStream.error("a prompt chunk came before the header");
        }
        prompt.add(chunk);
        if (prompt.isComplete()) {
            require(
                    prompt.positions().equals(header.getPositionsList()),
                    "the positions of header and prompt differ: %s and %s",
                    header.getPositionsList(),
                    prompt.positions());
            info = SweepInfo.builder()
                    .model(ModelReader.facts(header.getModel()))
                    .tokens(List.copyOf(prompt.tokens()))
                    .layers(List.copyOf(header.getLayersList()))
                    .positions(List.copyOf(header.getPositionsList()))
                    .heads(List.copyOf(header.getHeadsList()))
                    .metricPosition(header.getMetric().getPosition())
                    .unchanged(header.getUnchanged())
                    .source(header.hasSource() ? OptionalDouble.of(header.getSource()) : OptionalDouble.empty())
                    .build();
            require(
                    info.cellCount() <= Integer.MAX_VALUE,
                    "the header promises %d cells, more than can be kept",
                    info.cellCount());
            cells = new SweepCell[(int) info.cellCount()];
        }
    }

    private SweepInfo known(String what) {
        if (info == null) {
            throw BrokenStream.error(what + " came before all of the prompt");
        }
        return info;
    }

    private void cells(SweepCells some) {
        SweepInfo grid = known("cells");
        long first = some.getFirstCell();
        require(
                first >= 0 && some.getValuesCount() <= cells.length - first,
                "cells %d and %d after it came for a grid of %d",
                first,
                some.getValuesCount() - 1,
                cells.length);
        for (int i = 0; i < some.getValuesCount(); i++) {
            int index = (int) first + i;
            require(cells[index] == null, "cell %d came twice", index);
            SweepCell cell = cell(grid, index, some.getValues(i));
            cells[index] = cell;
            came.add(cell);
        }
    }

    private static SweepCell cell(SweepInfo grid, int index, float value) {
        int head = index % grid.headCells();
        int row = index / grid.headCells();
        return SweepCell.of(
                grid.layers().get(row / grid.positions().size()),
                grid.positions().get(row % grid.positions().size()),
                grid.heads().isEmpty()
                        ? OptionalInt.empty()
                        : OptionalInt.of(grid.heads().get(head)),
                value);
    }

    private void summary(SweepSummary summary) {
        SweepInfo grid = known("the summary");
        List<SweepCell> all = Arrays.stream(cells)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        require(
                summary.getCellCount() == cells.length && all.size() == cells.length,
                "the summary counts %d cells where %d of %d came",
                summary.getCellCount(),
                all.size(),
                cells.length);
        result = SweepResult.of(
                grid, all, WireDuration.read(summary.getQueued()), WireDuration.read(summary.getComputed()));
    }
}
