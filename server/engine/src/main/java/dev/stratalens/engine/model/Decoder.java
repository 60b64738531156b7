package dev.stratalens.engine.model;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.model.change.RowChanges;
import dev.stratalens.engine.model.site.BlockSites;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.TorchTypes;
import dev.stratalens.engine.model.weight.WeightPlan;
import dev.stratalens.engine.model.weight.WeightStores;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import dev.stratalens.engine.tensor.TorchTensorMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The forward pass up to the last block: one generic block, run with each block's weights on their device. Several
 * prompts may be packed along the token axis; attention stays within each. Not thread-safe; freed with its model.
 */
public final class Decoder {

    /** Largest number of scores at a time if attention is not fused: 32 MiB. */
    public static final int SCORE_LIMIT = 8 << 20;

    /** Largest number of query rows at a time if attention is not one fused call. */
    static final int QUERY_ROWS = 256;

    /** Largest number of tokens that a recurrent mixer takes at a time. */
    public static final int SCAN_TOKENS = 64;

    private final DataType computeType;
    private final int hiddenSize;
    private final boolean remembersEachToken;
    private final TorchTensorMap embedding;
    private final List<DecoderStage> stageOfBlock = new ArrayList<>();
    private final PromptState nothing;
    /** On the devices of the heads, where lenses read. */
    private final Map<Device, StreamReader> readers = new LinkedHashMap<>();

    /** @param queryRows largest number of query rows, and of tokens of a recurrent mixer, at a time; does not change the result */
    Decoder(
            Architecture architecture,
            WeightPlan plan,
            Placement placement,
            WeightStores stores,
            DataType computeType,
            IntConsumer loadedBlocks,
            OwnedResources owned,
            int queryRows) {
        this.computeType = computeType;
        this.hiddenSize = architecture.extents().hidden();
        this.remembersEachToken = BlockSites.remembersEachToken(architecture);
        List<DecoderStage> stages = placement.stages().stream()
                .map(place ->
                        new DecoderStage(architecture, place, stores.on(place.device()), computeType, owned, queryRows))
                .toList();
        this.embedding = stages.get(0).embedding(plan.embedding());
        for (int i = 0; i < stages.size(); i++) {
            Placement.Stage place = placement.stages().get(i);
            for (int block = place.firstBlock(); block < place.endBlock(); block++) {
                stages.get(i).addBlock(plan.blocks().get(block));
                stageOfBlock.add(stages.get(i));
                loadedBlocks.accept(stageOfBlock.size());
            }
        }
        this.nothing = owned.own(new PromptState(stageOfBlock));
        var exits = new HashMap<>(plan.head());
        exits.keySet().removeIf(slot -> !Slot.isOfStreams(slot));
        for (Device head : placement.heads()) {
            TorchProgram program = stages.stream()
                    .filter(stage -> stage.device().equals(head))
                    .findFirst()
                    .map(DecoderStage::program)
                    .orElseGet(() -> new BlockPrograms(architecture, head, queryRows, owned)
                            .of(architecture.mixer().apply(0)));
            TorchTensorMap weights = owned.own(program.map(stores.on(head).load(exits, computeType)));
            readers.put(head, new StreamReader(program, weights));
        }
    }

    /** Type of the residual stream. */
    public DataType computeType() {
        return computeType;
    }

    /** A scope for one request's tensors, on the device of a head. */
    public TorchScope requestScope(Device head) {
        return reader(head).program().scope();
    }

    /** A program with the weights that make one vector of several streams. */
    private record StreamReader(TorchProgram program, TorchTensorMap weights) {}

    private StreamReader reader(Device head) {
        StreamReader reader = readers.get(head);
        if (reader == null) {
            throw new IllegalArgumentException(
                    "This model has no head on %s, only on %s.".formatted(head, readers.keySet()));
        }
        return reader;
    }

    /** The state of a prompt before its first tokens. The caller closes it, before the model. */
    public PromptState emptyState() {
        return new PromptState(stageOfBlock);
    }

    /** In the place of a state for a whole prompt that is packed with prompts in pieces: it keeps nothing, and need not be closed. */
    public PromptState noState() {
        return nothing.first(0);
    }

    /**
     * Runs the blocks over whole prompts and keeps no state.
     *
     * @param prompts packed one after another
     * @param sink as in {@link #forward(List, PackedPrompts, LayerSink)}
     */
    public void forward(PackedPrompts prompts, LayerSink sink) {
        forward(List.of(), prompts, RowChanges.NONE, sink);
    }

    /**
     * Runs the blocks over the next tokens of each prompt, until the sink wants no prompt any more. A prompt in pieces
     * gives the same result as in one, except for rounding, unless its rotary frequencies depend on the length of the
     * prompt: earlier tokens keep their frequencies.
     *
     * @param states the states of the prompts, by index, to which these tokens are added; none for whole prompts
     *     without a state
     * @param prompts packed one after another
     * @param sink gets the residual stream before the first block and after each block, on its device
     */
    public void forward(List<PromptState> states, PackedPrompts prompts, LayerSink sink) {
        forward(states, prompts, RowChanges.NONE, sink);
    }

    /**
     * The same with changed rows. What is shown of a place is the rows after their change.
     *
     * @param changes of rows of the prompts, by their indexes
     */
    public void forward(List<PromptState> states, PackedPrompts prompts, RowChanges changes, LayerSink sink) {
        try (var pass = new DecoderPass(stageOfBlock.get(0), embedding, states, prompts, changes, sink)) {
            pass.run(stageOfBlock, 0);
        }
    }

    /**
     * Continues prompts from a block on.
     *
     * @param block the first block that runs
     * @param stream rows that enter this block, of any prompts, as a sink is shown them; not changed
     * @param rows which of these rows each token of the prompts has
     * @param states as in the other method
     */
    public void forwardFrom(
            int block,
            TorchTensor stream,
            long[] rows,
            List<PromptState> states,
            PackedPrompts prompts,
            RowChanges changes,
            LayerSink sink) {
        // The rows are where the block before left them.
        DecoderStage stage = stageOfBlock.get(Math.max(0, block - 1));
        TorchScope scope = stage.program().scope();
        TorchTensor entering;
        try (TorchTensor indexes = scope.longs(rows, rows.length)) {
            entering = stage.program().tensor(scope, "select_rows", stream, indexes);
        } catch (Throwable failure) {
            scope.close();
            throw failure;
        }
        try (var pass = new DecoderPass(stage, scope, entering, states, prompts, changes, sink)) {
            pass.run(stageOfBlock, block);
        }
    }

    /** Whether each block remembers what grows with the tokens, so that a state says what it was after fewer of them. */
    public boolean remembersEachToken() {
        return remembersEachToken;
    }

    /** Derivatives of the blocks, for the caller to close before the model. */
    public BlockDerivatives derivatives() {
        return new BlockDerivatives(this, stageOfBlock);
    }

    /** A store for rows of the residual stream, [rows, d] in the compute type, on the device of a head. */
    public TorchTensor rowStore(TorchScope scope, int rows) {
        return reader(scope.device())
                .program()
                .tensor(scope, "empty_rows", (long) rows, (long) hiddenSize, TorchTypes.code(computeType));
    }

    /**
     * Copies rows of a place of a pass to the heap.
     *
     * @param rows the rows at a site of the block, on its device
     * @param indexes of the rows
     * @param head gives numbers to the heap
     * @return float32, by row
     */
    public float[] numbers(int block, Site site, TorchTensor rows, long[] indexes, Head head) {
        DecoderStage stage = stageOfBlock.get(block);
        try (TorchScope there = stage.program().scope();
                TorchTensor wanted = stage.rows(block, site, there, rows, there.longs(indexes, indexes.length))) {
            if (stage.device().equals(head.device())) {
                return head.numbers(wanted);
            }
            try (TorchScope here = head.scope()) {
                return head.numbers(here.copyOf(wanted));
            }
        }
    }

    /** A store for rows of a block's attention heads, as wide as these, likewise. */
    public TorchTensor headStore(TorchScope scope, int rows, TorchTensor like) {
        return reader(scope.device())
                .program()
                .tensor(scope, "empty_rows", (long) rows, (long) like.columns(), TorchTypes.code(computeType));
    }

    /**
     * What each attention head of a block writes along directions in the stream. The rows go to the block, because there are few of
     * them.
     *
     * @param scope owner of the result
     * @param heads rows of {@link Site#ATTENTION_HEADS}, [rows, heads * size]
     * @param directions one for each row, float32, [rows, d]
     * @return float32, [rows, heads]
     */
    public TorchTensor headShares(TorchScope scope, int block, TorchTensor heads, TorchTensor directions) {
        DecoderStage stage = stageOfBlock.get(block);
        if (stage.device().equals(scope.device())) {
            return stage.headShares(block, scope, heads, directions);
        }
        try (TorchScope there = stage.program().scope()) {
            return scope.copyOf(stage.headShares(block, there, there.copyOf(heads), there.copyOf(directions)));
        }
    }

    /**
     * Copies rows of the residual stream to a store: of several streams, the vector that the model makes of them.
     *
     * @param residual on its device
     * @param rows int64 indexes of the rows to copy, [p], on the device of the store
     * @param store on the device of a head
     * @param places int64 target rows in the store, counted from {@code first}, [p], on the device of the store
     * @param first row of the store
     */
    public void keepRows(TorchTensor residual, TorchTensor rows, TorchTensor store, TorchTensor places, int first) {
        StreamReader reader = reader(store.device());
        if (residual.device().equals(store.device())) {
            reader.program().execute("keep_rows", residual, reader.weights(), rows, store, places, first);
            return;
        }
        TorchProgram maker = stageOfBlock.stream()
                .filter(stage -> stage.device().equals(residual.device()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "The residual rows are on %s, where this model has no blocks.".formatted(residual.device())))
                .program();
        try (TorchScope there = maker.scope();
                TorchScope here = reader.program().scope()) {
            TorchTensor wanted = maker.tensor(there, "select_rows", residual, there.copyOf(rows));
            reader.program().execute("put_rows", here.copyOf(wanted), reader.weights(), store, places, first);
        }
    }
}
