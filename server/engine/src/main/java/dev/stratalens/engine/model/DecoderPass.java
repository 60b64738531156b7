package dev.stratalens.engine.model;

import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.model.change.RowChanges;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import dev.stratalens.engine.tensor.TorchTensorMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A run through the blocks: the residual stream on its current device, and further tensors on the same device. */
final class DecoderPass implements AutoCloseable {

    private final List<PromptState> states;
    private final LayerSink sink;
    private final RowChanges changes;
    private PackedPrompts packed;
    private DecoderStage stage;
    private TorchScope scope;
    private Map<RopeParameters, Rotation> rotations;
    private TorchTensor residual;

    /**
     * Embeds the prompts.
     *
     * @param states the states of the prompts, by index; none without states
     */
    DecoderPass(
            DecoderStage first,
            TorchTensorMap embedding,
            List<PromptState> states,
            PackedPrompts packed,
            RowChanges changes,
            LayerSink sink) {
        this.states = states;
        this.changes = changes;
        this.sink = sink;
        this.packed = packed;
        this.stage = first;
        this.scope = first.program().scope();
        try {
            this.rotations = first.rotations(scope, packed, pasts());
            this.residual = first.embed(scope, embedding, packed, pasts());
        } catch (Throwable failure) {
            scope.close();
            throw failure;
        }
    }

    /**
     * Continues prompts before a block.
     *
     * @param rows of the stream that enters the block, one for each token, [tokens, columns]; freed with this
     */
    DecoderPass(
            DecoderStage stage,
            TorchScope scope,
            TorchTensor rows,
            List<PromptState> states,
            PackedPrompts packed,
            RowChanges changes,
            LayerSink sink) {
        this.states = states;
        this.changes = changes;
        this.sink = sink;
        this.packed = packed;
        this.stage = stage;
        this.scope = scope;
        this.residual = rows;
        this.rotations = stage.rotations(scope, packed, pasts());
    }

    /** Runs the blocks, until the sink wants no prompt any more. */
    void run(List<DecoderStage> stageOfBlock, int firstBlock) {
        if (firstBlock == 0) {
            change(0, Site.EMBEDDING, residual);
        }
        for (int block = firstBlock; block < stageOfBlock.size(); block++) {
            if (!show(block - 1)) {
                return;
            }
            moveTo(stageOfBlock.get(block));
            step(block);
        }
        sink.accept(stageOfBlock.size() - 1, residual, packed);
        for (int place = 0; place < packed.indexes().length && !states.isEmpty(); place++) {
            states.get(packed.indexes()[place]).advance(packed.lengths()[place]);
        }
    }

    /** Shows the layer to the sink; returns whether a prompt is left. */
    private boolean show(int layer) {
        PackedPrompts next = sink.accept(layer, residual, packed);
        if (!next.isEmpty() && next.lengths().length < packed.lengths().length) {
            long[] rows = next.rowsIn(packed);
            try (TorchTensor before = residual;
                    TorchTensor indexes = scope.longs(rows, rows.length)) {
                residual = stage.program().tensor(scope, "select_rows", before, indexes);
            }
            packed = next;
            rotations = stage.rotations(scope, packed, pasts());
        }
        return !next.isEmpty();
    }

    /** Residual rows are copied once per border; other tensors are created again. */
    private void moveTo(DecoderStage next) {
        if (next != stage) {
            TorchScope left = scope;
            try {
                scope = next.program().scope();
                residual = scope.copyOf(residual);
            } finally {
                left.close();
            }
            stage = next;
            rotations = next.rotations(scope, packed, pasts());
        }
    }

    private void step(int block) {
        try (TorchTensor before = residual) {
            List<PromptState> remembered = states.isEmpty()
                    ? states
                    : Arrays.stream(packed.indexes()).mapToObj(states::get).toList();
            Set<Site> sites = sink.sites(block);
            residual = sites.isEmpty() && !changes.isInside(block)
                    ? stage.run(block, scope, before, packed, rotations, remembered)
                    : stepAndShow(block, before, remembered, sites);
            change(block, Site.BLOCK_OUTPUT, before);
        }
    }

    /** Changes rows between blocks. */
    private void change(int block, Site site, TorchTensor entered) {
        if (changes.at(block, site).isEmpty()) {
            return;
        }
        try (ChangeTensors some = changesAt(block, List.of(site), entered)) {
            some.map(stage::map).ifPresent(map -> {
                try (TorchTensor unchanged = residual) {
                    residual = stage.changed(block, scope, unchanged, map, site);
                }
            });
        }
    }

    private ChangeTensors changesAt(int block, List<Site> sites, TorchTensor entered) {
        TorchScope step = scope.child();
        var tensors = new ChangeTensors(
                step, packed, pasts(), rows -> stage.rows(block, Site.BLOCK_OUTPUT, step, entered, rows));
        sites.forEach(site -> tensors.add(site, changes.at(block, site)));
        return tensors;
    }

    private TorchTensor stepAndShow(int block, TorchTensor before, List<PromptState> remembered, Set<Site> sites) {
        List<TorchTensor> made;
        try (ChangeTensors some = changesAt(block, Site.INSIDE, before)) {
            made = stage.runAndRead(block, scope, before, packed, rotations, remembered, some.map(stage::map));
        }
        for (Site site : Site.INSIDE) {
            try (TorchTensor rows = made.get(1 + Site.INSIDE.indexOf(site))) {
                if (sites.contains(site)) {
                    sink.site(block, site, rows, packed);
                }
            }
        }
        return made.get(0);
    }

    /** Number of earlier tokens of each prompt. */
    private int[] pasts() {
        return states.isEmpty()
                ? new int[packed.indexes().length]
                : Arrays.stream(packed.indexes())
                        .map(index -> states.get(index).length())
                        .toArray();
    }

    @Override
    public void close() {
        scope.close();
    }
}
