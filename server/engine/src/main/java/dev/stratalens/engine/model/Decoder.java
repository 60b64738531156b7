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
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import dev.stratalens.engine.tensor.TorchTensorMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The forward pass up to the last block: one generic block, run with each block's weights. Several prompts may be packed
 * along the token axis; attention stays within each. Not thread-safe; freed with its model.
 */
public final class Decoder {

    /** Scores that exist at a time where attention is not fused: 32 MiB. */
    public static final int SCORE_LIMIT = 8 << 20;

    /** Most query rows at a time where attention is not one fused call. */
    private static final int QUERY_ROWS = 256;

    private final Architecture architecture;
    private final DataType computeType;
    private final TorchProgram program;
    private final Map<RopeParameters, RotaryTables> rotaries = new HashMap<>();
    private final Rotation noRotation;
    private final TorchTensorMap embedding;
    private final List<TorchTensorMap> blocks = new ArrayList<>();

    Decoder(
            Architecture architecture,
            WeightPlan plan,
            WeightStore store,
            DataType computeType,
            IntConsumer loadedBlocks,
            OwnedResources owned) {
        this(architecture, plan, store, computeType, loadedBlocks, owned, QUERY_ROWS);
    }

    /** @param queryRows most query rows at a time, of which the result does not depend */
    Decoder(
            Architecture architecture,
            WeightPlan plan,
            WeightStore store,
            DataType computeType,
            IntConsumer loadedBlocks,
            OwnedResources owned,
            int queryRows) {
        this.architecture = architecture;
        this.computeType = computeType;
        this.program = owned.own(TorchProgram.compile("decoder", constants(architecture, queryRows)));
        TorchTensor none = store.scope().floats(new float[0], 0, 0);
        this.noRotation = new Rotation(none, none);
        for (int block = 0; block < plan.blocks().size(); block++) {
            architecture
                    .attention()
                    .rotary()
                    .apply(block)
                    .ifPresent(rope -> rotaries.computeIfAbsent(
                            rope,
                            key -> new RotaryTables(
                                    key,
                                    architecture.sizes().headSize(),
                                    program,
                                    store.scope(),
                                    TorchTypes.code(computeType))));
        }
        this.embedding = owned.own(TorchProgram.map(store.load(plan.embedding(), computeType)));
        Map<String, TorchTensor> constants = constantWeights(architecture, store, computeType);
        for (Map<String, PlacedWeight> block : plan.blocks()) {
            Map<String, TorchTensor> weights = store.load(block, computeType);
            weights.putAll(constants);
            blocks.add(owned.own(TorchProgram.map(weights)));
            loadedBlocks.accept(blocks.size());
        }
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
                entry("router_normalised", router.normalised()),
                entry("router_scale", router.scale()),
                entry("chosen_experts", (long) router.chosen()),
                entry("expert_groups", (long) router.groups().count()),
                entry("chosen_groups", (long) router.groups().kept()),
                entry("rival_distance", router.rivalDistance()),
                entry("group_ranking", (long) router.groups().ranking()),
                entry("head_size", (long) architecture.sizes().headSize()),
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
                entry("score_limit", (long) SCORE_LIMIT));
    }

    /** Weights of every block that no file holds. */
    private static Map<String, TorchTensor> constantWeights(
            Architecture architecture, WeightStore store, DataType computeType) {
        var constants = new HashMap<String, TorchTensor>();
        architecture.weights().unweightedNorms().stream()
                .filter(slot -> !slot.equals(Slot.FINAL_NORM))
                .forEach(slot -> constants.put(
                        Slot.weight(slot), store.ones(architecture.sizes().hiddenSize(), computeType)));
        architecture
                .attention()
                .alibi()
                .ifPresent(alibi ->
                        constants.put("alibi_slopes", store.scope().floats(alibi.slopes(), alibi.slopes().length)));
        return constants;
    }

    /** Type of the residual stream. */
    public DataType computeType() {
        return computeType;
    }

    /** A scope for one request's tensors. */
    public TorchScope requestScope() {
        return program.scope();
    }

    /**
     * Runs the blocks, until the sink wants none of the prompts any more.
     *
     * @param prompts packed one after another
     * @param sink sees the residual stream before the first block and after each
     */
    public void forward(PackedPrompts prompts, LayerSink sink) {
        try (TorchScope scope = program.scope()) {
            PackedPrompts packed = prompts;
            Map<RopeParameters, Rotation> rotations = rotations(scope, packed);
            TorchTensor residual = program.tensor(
                    scope,
                    "embed",
                    scope.longs(toLongs(packed.tokenIds()), packed.tokenIds().length),
                    embedding,
                    toLongs(packed.lengths()));
            for (int block = 0; block <= blocks.size(); block++) {
                PackedPrompts next = sink.accept(block - 1, residual, packed);
                if (block == blocks.size() || next.isEmpty()) {
                    return;
                }
                if (next.lengths().length < packed.lengths().length) {
                    residual = selected(scope, residual, next.rowsIn(packed));
                    packed = next;
                    rotations = rotations(scope, packed);
                }
                try (TorchTensor before = residual) {
                    residual = block(scope, block, before, packed, rotations);
                }
            }
        }
    }

    private TorchTensor block(
            TorchScope scope,
            int block,
            TorchTensor residual,
            PackedPrompts packed,
            Map<RopeParameters, Rotation> rotations) {
        Attention attention = architecture.attention();
        Rotation rotation = attention.rotary().apply(block).map(rotations::get).orElse(noRotation);
        return program.tensor(
                scope,
                "block",
                residual,
                blocks.get(block),
                rotation.cosines(),
                rotation.sines(),
                attention.scale().applyAsDouble(block),
                attention.window().applyAsInt(block),
                toLongs(packed.lengths()));
    }

    private Map<RopeParameters, Rotation> rotations(TorchScope scope, PackedPrompts packed) {
        var rotations = new HashMap<RopeParameters, Rotation>();
        rotaries.forEach((rope, tables) -> rotations.put(rope, tables.pack(scope, packed.lengths())));
        return rotations;
    }

    private TorchTensor selected(TorchScope scope, TorchTensor residual, long[] rows) {
        try (residual;
                TorchTensor indexes = scope.longs(rows, rows.length)) {
            return program.tensor(scope, "select_rows", residual, indexes);
        }
    }

    /** Room for rows of the residual stream, [rows, d] in the compute type. */
    public TorchTensor rowStore(TorchScope scope, int rows) {
        return program.tensor(
                scope,
                "empty_rows",
                (long) rows,
                (long) architecture.sizes().hiddenSize(),
                TorchTypes.code(computeType));
    }

    /**
     * Copies rows of the residual stream to a store.
     *
     * @param rows int64 indexes of the rows to keep, [p]
     * @param places int64 rows of the store that they go to, counted from the first, [p]
     * @param first row of the store
     */
    public void keepRows(TorchTensor residual, TorchTensor rows, TorchTensor store, TorchTensor places, int first) {
        program.execute("keep_rows", residual, rows, store, places, first);
    }

    private static long[] toLongs(int[] values) {
        var longs = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            longs[i] = values[i];
        }
        return longs;
    }
}
