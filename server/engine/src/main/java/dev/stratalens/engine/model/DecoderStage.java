package dev.stratalens.engine.model;

import com.google.common.collect.Maps;
import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.Attention;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.model.weight.PackedWeights;
import dev.stratalens.engine.model.weight.PlacedWeight;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.TorchTypes;
import dev.stratalens.engine.model.weight.UnstoredWeights;
import dev.stratalens.engine.model.weight.WeightForm;
import dev.stratalens.engine.model.weight.WeightStore;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import dev.stratalens.engine.tensor.TorchTensorMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Consecutive blocks of a decoder with their weights, on one device. Not thread-safe; freed with its model. */
final class DecoderStage {

    private final Architecture architecture;
    private final int firstBlock;
    private final WeightForm form;
    private final BlockPrograms programs;
    private final TorchProgram program;
    private final WeightStore store;
    private final OwnedResources owned;
    private final Map<RopeParameters, RotaryTables> rotaries = new HashMap<>();
    private final TorchTensor nothing;
    private final Rotation noRotation;
    private final UnstoredWeights unstored;
    private final DataType computeType;
    private final List<BlockWeights> blocks = new ArrayList<>();

    /** @param queryRows largest number of query rows at a time; does not change the result */
    DecoderStage(
            Architecture architecture,
            Placement.Stage place,
            WeightStore store,
            DataType computeType,
            OwnedResources owned,
            int queryRows) {
        this.architecture = architecture;
        this.firstBlock = place.firstBlock();
        this.form = place.form();
        this.store = store;
        this.owned = owned;
        this.computeType = computeType;
        this.programs = new BlockPrograms(architecture, store.device(), queryRows, owned);
        for (int block = firstBlock; block < place.endBlock(); block++) {
            // All are compiled here, so that no request waits for it.
            var unused = program(block);
        }
        this.program = program(firstBlock);
        this.nothing = store.scope().floats(new float[0], 0, 0);
        this.noRotation = new Rotation(nothing, nothing);
        for (int block = firstBlock; block < place.endBlock(); block++) {
            architecture
                    .attention()
                    .rotary()
                    .apply(block)
                    .ifPresent(rope -> rotaries.computeIfAbsent(
                            rope,
                            key -> new RotaryTables(
                                    key,
                                    architecture.extents().headSize(),
                                    program,
                                    store.scope(),
                                    TorchTypes.code(computeType))));
        }
        this.unstored = new UnstoredWeights(architecture, store, computeType);
    }

    /** Loads the weights before the first block. */
    TorchTensorMap embedding(Map<String, PlacedWeight> slots) {
        Map<String, TorchTensor> weights = store.load(slots, computeType);
        weights.putAll(unstored.ofEmbedding(program));
        return owned.own(program.map(weights));
    }

    /** Loads the next block. */
    void addBlock(Map<String, PlacedWeight> slots) {
        Map<String, PlacedWeight> packed = form == WeightForm.PACKED ? PackedWeights.packable(slots) : Map.of();
        Map<String, TorchTensor> weights =
                store.load(Maps.filterKeys(slots, slot -> !packed.containsKey(slot)), computeType);
        weights.putAll(unstored.ofBlock(firstBlock + blocks.size()));
        blocks.add(
                packed.isEmpty()
                        ? new BlockWeights.Resident(owned.own(program.map(weights)))
                        : new BlockWeights.Packed(program, weights, store.packed(packed, computeType)));
    }

    Device device() {
        return program.device();
    }

    /** Runs the steps outside of blocks. */
    TorchProgram program() {
        return program;
    }

    private TorchProgram program(int block) {
        return programs.of(mixer(block));
    }

    /** The block in the form that derivatives pass, for the caller to close. */
    TorchProgram differentiable(Mixer mixer) {
        return programs.differentiable(mixer);
    }

    /** The mixer of a block. */
    Mixer mixer(int block) {
        return architecture.mixer().apply(block);
    }

    /** A scope for the memory of a prompt, which must not outlive the weights. */
    TorchScope stateScope() {
        return store.scope().child();
    }

    /** In place of a tensor that a prompt does not have yet. */
    TorchTensor nothing() {
        return nothing;
    }

    /** Tokens as rows of the residual stream, [tokens, d]. */
    TorchTensor embed(TorchScope scope, TorchTensorMap embedding, PackedPrompts packed, int[] pasts) {
        return program.tensor(
                scope,
                "embed",
                scope.longs(
                        Arrays.stream(packed.tokenIds())
                                .map(architecture.embeddedToken())
                                .asLongStream()
                                .toArray(),
                        packed.tokenIds().length),
                embedding,
                toLongs(packed.lengths()),
                toLongs(pasts));
    }

    /** Angles of packed prompts, for each rope of the blocks here. */
    Map<RopeParameters, Rotation> rotations(TorchScope scope, PackedPrompts packed, int[] pasts) {
        var rotations = new HashMap<RopeParameters, Rotation>();
        rotaries.forEach((rope, tables) -> rotations.put(rope, tables.pack(scope, packed.lengths(), pasts)));
        return rotations;
    }

    /**
     * Runs a block over the next tokens of each prompt.
     *
     * @param states the states of the prompts, to which the tokens are added; none for whole prompts
     */
    TorchTensor run(
            int block,
            TorchScope scope,
            TorchTensor residual,
            PackedPrompts packed,
            Map<RopeParameters, Rotation> rotations,
            List<PromptState> states) {
        return blocks.get(block - firstBlock).during(weights -> {
            List<Object> arguments = arguments(block, weights, residual, packed, rotations);
            if (states.isEmpty()) {
                return program(block).tensor(scope, "block", arguments.toArray());
            }
            arguments.addAll(past(block, states));
            // What each prompt remembers, including its past, then the residual stream.
            List<TorchTensor> made = program(block).tensors(scope, "block_with_state", arguments.toArray());
            int last = made.size() - 1;
            remember(block, states, made.subList(0, last));
            return made.get(last);
        });
    }

    /**
     * The same, and reads the sites inside the block.
     *
     * @param changes of rows inside the block; empty for the block as it is
     * @return the residual stream after the block, then the rows of {@link Site#INSIDE}; those of a site that the block does not
     *     have are not to be read
     */
    List<TorchTensor> runAndRead(
            int block,
            TorchScope scope,
            TorchTensor residual,
            PackedPrompts packed,
            Map<RopeParameters, Rotation> rotations,
            List<PromptState> states,
            Optional<TorchTensorMap> changes) {
        return blocks.get(block - firstBlock).during(weights -> {
            List<Object> arguments = arguments(block, weights, residual, packed, rotations);
            arguments.addAll(past(block, states));
            changes.ifPresent(some -> arguments.add(2, some));
            List<TorchTensor> made = changes.isPresent()
                    ? programs.changingSites(mixer(block)).tensors(scope, "block_with_changes", arguments.toArray())
                    : programs.readingSites(mixer(block)).tensors(scope, "block_with_sites", arguments.toArray());
            int rows = 1 + Site.INSIDE.size();
            remember(block, states, made.subList(rows, made.size()));
            return made.subList(0, rows);
        });
    }

    /** Changes rows of the stream at the embedding or after a block. */
    TorchTensor changed(int block, TorchScope scope, TorchTensor residual, TorchTensorMap changes, Site site) {
        return programs.changingSites(mixer(block))
                .tensor(scope, "changed_stream", residual, changes, ChangeTensors.name(site));
    }

    /** Rows at a site, without what those of the stream carry beside it, float32. */
    TorchTensor rows(int block, Site site, TorchScope scope, TorchTensor all, TorchTensor indexes) {
        String method = site == Site.ATTENTION_HEADS ? "float_rows" : "stream_rows";
        return programs.changingSites(mixer(block)).tensor(scope, method, all, indexes);
    }

    /** Makes a dictionary of tensors of this device. */
    TorchTensorMap map(Map<String, TorchTensor> tensors) {
        return program.map(tensors);
    }

    /**
     * What each attention head of a block writes along directions in the stream.
     *
     * @param heads rows of {@link Site#ATTENTION_HEADS}, [rows, heads * size]
     * @param directions one for each row, float32, [rows, d]
     * @return float32, [rows, heads]
     */
    TorchTensor headShares(int block, TorchScope scope, TorchTensor heads, TorchTensor directions) {
        return blocks.get(block - firstBlock)
                .during(weights ->
                        programs.readingSites(mixer(block)).tensor(scope, "head_shares", heads, directions, weights));
    }

    private List<Object> arguments(
            int block,
            TorchTensorMap weights,
            TorchTensor residual,
            PackedPrompts packed,
            Map<RopeParameters, Rotation> rotations) {
        Attention attention = architecture.attention();
        Rotation rotation = attention.rotary().apply(block).map(rotations::get).orElse(noRotation);
        return new ArrayList<>(List.of(
                residual,
                weights,
                rotation.cosines(),
                rotation.sines(),
                attention.scale().applyAsDouble(block),
                attention.window().applyAsInt(block),
                toLongs(packed.lengths())));
    }

    private static List<Object> past(int block, List<PromptState> states) {
        return List.of(
                states.stream().mapToLong(PromptState::signedLength).toArray(),
                states.stream().flatMap(state -> state.of(block).stream()).toArray(TorchTensor[]::new));
    }

    private void remember(int block, List<PromptState> states, List<TorchTensor> made) {
        int each = mixer(block).remembered();
        for (int place = 0; place < states.size(); place++) {
            states.get(place).remember(block, made.subList(each * place, each * (place + 1)));
        }
    }

    /**
     * Pulls cotangents back through a block of one whole prompt.
     *
     * @param differentiable of the block's mixer
     * @param row the stream that entered the block, [tokens, columns]
     * @param cotangents of the stream that left it, [products, tokens, columns]
     * @return vector-Jacobian products, [products, tokens, columns]
     */
    TorchTensor pullBack(
            int block,
            TorchScope scope,
            TorchProgram differentiable,
            TorchTensor row,
            TorchTensor cotangents,
            Map<RopeParameters, Rotation> rotations) {
        Attention attention = architecture.attention();
        Rotation rotation = attention.rotary().apply(block).map(rotations::get).orElse(noRotation);
        try (TorchTensor scale = scope.number(attention.scale().applyAsDouble(block));
                TorchTensor window = scope.longs(new long[] {attention.window().applyAsInt(block)}, 1)) {
            return blocks.get(block - firstBlock)
                    .during(weights -> differentiable
                            .derivatives(
                                    scope,
                                    "pulled_back",
                                    row,
                                    cotangents,
                                    weights,
                                    rotation.cosines(),
                                    rotation.sines(),
                                    scale,
                                    window)
                            .get(0));
        }
    }

    private static long[] toLongs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
