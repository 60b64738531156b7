package dev.stratalens.engine.model;

import static java.util.Map.entry;

import dev.stratalens.engine.architecture.Alibi;
import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.Attention;
import dev.stratalens.engine.architecture.Attention.Latent;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.Slot;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.model.weight.PlacedWeight;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.TorchTypes;
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
    private final TorchProgram program;
    private final WeightStore store;
    private final OwnedResources owned;
    private final Map<RopeParameters, RotaryTables> rotaries = new HashMap<>();
    private final TorchTensor nothing;
    private final Rotation noRotation;
    private final Map<String, TorchTensor> constants;
    private final DataType computeType;
    private final List<TorchTensorMap> blocks = new ArrayList<>();

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
        this.store = store;
        this.owned = owned;
        this.computeType = computeType;
        this.program = program(architecture, store.device(), queryRows, owned);
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
        this.constants = constantWeights(architecture, store, computeType);
    }

    /** The generic block as a program for a device. */
    static TorchProgram program(Architecture architecture, Device device, int queryRows, OwnedResources owned) {
        return owned.compile(device, "decoder", constants(architecture, queryRows));
    }

    private static Map<String, Object> constants(Architecture architecture, int queryRows) {
        Attention attention = architecture.attention();
        Optional<Alibi> alibi = attention.alibi();
        Router router = architecture.router();
        boolean rounded = alibi.map(Alibi::roundedToBfloat16).orElse(false);
        return Map.ofEntries(
                entry("norm_kind", architecture.norm().kind().programName()),
                entry("norm_weight_offset", architecture.norm().kind().weightOffset()),
                entry("norm_epsilon", architecture.norm().epsilon()),
                entry("residual", architecture.residual().form().programName()),
                entry("residual_multiplier", architecture.residual().multiplier()),
                entry("embedding_multiplier", architecture.embeddingMultiplier()),
                entry("activation", architecture.activation().programName()),
                entry("gate_limit", architecture.gatedUnit().limit()),
                entry("up_offset", architecture.gatedUnit().offset()),
                entry("router_scoring", router.scoring().programName()),
                entry("router_normalized", router.normalized()),
                entry("router_scale", router.scale()),
                entry("chosen_experts", (long) router.chosen()),
                entry("expert_groups", (long) router.groups().count()),
                entry("chosen_groups", (long) router.groups().kept()),
                entry("rival_distance", router.rivalDistance()),
                entry("group_ranking", (long) router.groups().ranking()),
                entry("head_size", (long) architecture.extents().headSize()),
                entry("rotary_pairs", attention.rotaryPairs().programName()),
                entry("query_key_norm", attention.queryKeyNorm().programName()),
                entry("latent", attention.latent().isPresent()),
                entry(
                        "latent_norm_epsilon",
                        attention.latent().map(Latent::normEpsilon).orElse(0.0)),
                entry("rotary_offset", (long)
                        attention.latent().map(Latent::rotaryOffset).orElse(0)),
                entry("clip", attention.clip()),
                entry("attention_softcap", attention.softcap()),
                entry("alibi_scale", alibi.map(Alibi::scale).orElse(1.0)),
                entry("alibi_type", TorchTypes.code(rounded ? DataType.BFLOAT16 : DataType.FLOAT32)),
                entry("query_rows", (long) queryRows),
                entry("score_limit", (long) Decoder.SCORE_LIMIT));
    }

    /** Constant weights of every block, which files do not hold. */
    static Map<String, TorchTensor> constantWeights(
            Architecture architecture, WeightStore store, DataType computeType) {
        var constants = new HashMap<String, TorchTensor>();
        architecture.weights().unweightedNorms().stream()
                .filter(slot -> !slot.equals(Slot.FINAL_NORM))
                .forEach(slot -> constants.put(
                        Slot.weight(slot), store.ones(architecture.extents().hidden(), computeType)));
        architecture
                .attention()
                .alibi()
                .ifPresent(alibi ->
                        constants.put("alibi_slopes", store.scope().floats(alibi.slopes(), alibi.slopes().length)));
        return constants;
    }

    /** Loads weights outside of blocks. */
    TorchTensorMap load(Map<String, PlacedWeight> slots) {
        return owned.own(program.map(store.load(slots, computeType)));
    }

    /** Loads the next block. */
    void addBlock(Map<String, PlacedWeight> slots) {
        Map<String, TorchTensor> weights = store.load(slots, computeType);
        weights.putAll(constants);
        blocks.add(owned.own(program.map(weights)));
    }

    Device device() {
        return program.device();
    }

    /** Runs the steps outside of blocks. */
    TorchProgram program() {
        return program;
    }

    /** A scope for keys and values of a prompt, which must not outlive the weights. */
    TorchScope stateScope() {
        return store.scope().child();
    }

    /** Empty keys and values. */
    TorchTensor nothing() {
        return nothing;
    }

    /** Tokens as rows of the residual stream, [tokens, d]. */
    TorchTensor embed(TorchScope scope, TorchTensorMap embedding, PackedPrompts packed, int[] pasts) {
        return program.tensor(
                scope,
                "embed",
                scope.longs(toLongs(packed.tokenIds()), packed.tokenIds().length),
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
        Attention attention = architecture.attention();
        Rotation rotation = attention.rotary().apply(block).map(rotations::get).orElse(noRotation);
        var arguments = new ArrayList<Object>(List.of(
                residual,
                blocks.get(block - firstBlock),
                rotation.cosines(),
                rotation.sines(),
                attention.scale().applyAsDouble(block),
                attention.window().applyAsInt(block),
                toLongs(packed.lengths())));
        if (states.isEmpty()) {
            return program.tensor(scope, "block", arguments.toArray());
        }
        arguments.add(states.stream().mapToLong(PromptState::length).toArray());
        arguments.add(states.stream().flatMap(state -> state.of(block).stream()).toArray(TorchTensor[]::new));
        // Keys and values of each prompt, including its past, then the residual stream.
        List<TorchTensor> made = program.tensors(scope, "block_with_state", arguments.toArray());
        for (int place = 0; place < states.size(); place++) {
            states.get(place).remember(block, made.get(2 * place), made.get(2 * place + 1));
        }
        return made.get(2 * states.size());
    }

    private static long[] toLongs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
