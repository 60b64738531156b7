package dev.stratalens.engine.model;

import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.Maps;
import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.Attention;
import dev.stratalens.engine.architecture.Balance;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.model.weight.PackedWeights;
import dev.stratalens.engine.model.weight.PlacedWeight;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.TorchTypes;
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

    /** The text of mixers that overwrites what derivatives need. */
    private static final String OVERWRITING = "token_recurrence";

    private final Architecture architecture;
    private final int firstBlock;
    private final WeightForm form;
    private final Map<Mixer, TorchProgram> programs = new HashMap<>();
    /** By mixer, of blocks whose inner sites a request has read. */
    private final Map<Mixer, TorchProgram> siteReaders = new HashMap<>();
    /** By mixer, of blocks in or after which a request has changed rows. */
    private final Map<Mixer, TorchProgram> siteChangers = new HashMap<>();

    private final TorchProgram program;
    private final WeightStore store;
    private final OwnedResources owned;
    private final Map<RopeParameters, RotaryTables> rotaries = new HashMap<>();
    private final TorchTensor nothing;
    private final Rotation noRotation;
    private final Map<String, TorchTensor> constants;
    private final DataType computeType;
    private final int queryRows;
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
        this.queryRows = queryRows;
        for (int block = firstBlock; block < place.endBlock(); block++) {
            programs.computeIfAbsent(
                    architecture.mixer().apply(block),
                    mixer -> program(architecture, mixer, store.device(), queryRows, owned));
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
        this.constants = constantWeights(architecture, store, computeType);
    }

    /** The generic block with a mixer as a program for a device. */
    static TorchProgram program(
            Architecture architecture, Mixer mixer, Device device, int queryRows, OwnedResources owned) {
        return owned.compile(
                device, texts(architecture, mixer, "passed_sites"), constants(architecture, mixer, queryRows));
    }

    /** @param sites the texts that say what happens to the rows of sites inside a block */
    private static List<String> texts(Architecture architecture, Mixer mixer, String... sites) {
        var texts = new ArrayList<>(List.of("decoder", architecture.streams().program()));
        texts.addAll(List.of(sites));
        texts.addAll(mixer.programs());
        return texts;
    }

    /** The same, but it also returns the rows of the sites inside a block. Compiled when a request first reads one. */
    private TorchProgram readingSites(int block) {
        return siteReaders.computeIfAbsent(mixer(block), mixer -> withSites(mixer, "read_sites", "head_shares"));
    }

    /** The same, but it also changes rows. Compiled when a request first changes some. */
    private TorchProgram changingSites(int block) {
        return siteChangers.computeIfAbsent(mixer(block), mixer -> withSites(mixer, "changed_sites"));
    }

    private TorchProgram withSites(Mixer mixer, String... texts) {
        List<String> all = texts(architecture, mixer, texts);
        all.add("site_rows");
        var constants = new HashMap<>(constants(architecture, mixer, queryRows));
        constants.put("head_factor", mixer.headFactor());
        return owned.compile(device(), all, constants);
    }

    /** The block with a mixer in the form that derivatives pass, for the caller to close. */
    TorchProgram differentiable(Mixer mixer) {
        var texts = new ArrayList<>(List.of("decoder", architecture.streams().program(), "passed_sites"));
        mixer.programs().forEach(text -> texts.add(text.equals(OVERWRITING) ? OVERWRITING + "_with_gradient" : text));
        texts.add("pullback");
        return TorchProgram.compile(
                device(), texts, constants(architecture, mixer, Decoder.QUERY_ROWS), owned.tensors());
    }

    private static Map<String, Object> constants(Architecture architecture, Mixer mixer, int queryRows) {
        Router router = architecture.router();
        var constants = new HashMap<String, Object>(Map.ofEntries(
                entry("norm_kind", architecture.norm().kind().programName()),
                entry("norm_weight_offset", architecture.norm().kind().weightOffset()),
                entry("norm_epsilon", architecture.norm().epsilon()),
                entry("residual", architecture.residual().form().programName()),
                entry("residual_multiplier", architecture.residual().multiplier()),
                entry("embedding_multiplier", architecture.embeddingMultiplier()),
                entry("activation", architecture.activation().programName()),
                entry("gate_limit", architecture.gatedUnit().limit()),
                entry("up_offset", architecture.gatedUnit().offset()),
                entry("unit_gate_factor", architecture.gatedUnit().gateFactor()),
                entry("unit_factor", architecture.gatedUnit().factor()),
                entry("router_scoring", router.scoring().programName()),
                entry("router_normalized", router.normalized()),
                entry("router_scale", router.scale()),
                entry("chosen_experts", (long) router.chosen()),
                entry("expert_groups", (long) router.groups().count()),
                entry("chosen_groups", (long) router.groups().kept()),
                entry("rival_distance", router.rivalDistance()),
                entry("group_ranking", (long) router.groups().ranking()),
                entry("expert_sum_factor", router.sumFactor()),
                entry("weighted_experts", router.weighted().programName()),
                entry("feed_forward_stream_factor", architecture.residual().feedForward().stream()),
                entry(
                        "feed_forward_factor",
                        architecture.residual().feedForward().branch()),
                entry("mixer_stream_factor", Balance.EVEN.stream()),
                entry("mixer_factor", Balance.EVEN.branch()),
                entry("hidden_size", (long) architecture.extents().hidden()),
                entry("head_size", (long) architecture.extents().headSize()),
                entry("query_rows", (long) queryRows),
                entry("score_limit", (long) Decoder.SCORE_LIMIT),
                entry("scan_tokens", (long) Math.min(queryRows, Decoder.SCAN_TOKENS))));
        constants.putAll(architecture.streams().constants());
        constants.putAll(mixer.constants());
        return constants;
    }

    /** Vectors of a block that are computed. */
    static Map<String, TorchTensor> computedWeights(Architecture architecture, int block, WeightStore store) {
        var computed = new HashMap<String, TorchTensor>();
        architecture.weights().computed().forEach((slot, ofBlock) -> {
            float[] values = ofBlock.apply(block);
            if (values.length > 0) {
                computed.put(slot, store.scope().floats(values, values.length));
            }
        });
        return computed;
    }

    /** Constant weights of every block, which files do not hold. */
    static Map<String, TorchTensor> constantWeights(
            Architecture architecture, WeightStore store, DataType computeType) {
        var constants = new HashMap<String, TorchTensor>();
        architecture.weights().unweightedNorms().stream()
                .filter(slot -> !slot.equals(Slot.FINAL_NORM))
                .forEach(slot -> constants.put(
                        Slot.weight(slot),
                        store.ones(
                                Slot.isOfHeads(slot)
                                        ? architecture.extents().headSize()
                                        : architecture.extents().hidden(),
                                computeType)));
        architecture
                .attention()
                .alibi()
                .ifPresent(alibi ->
                        constants.put("alibi_slopes", store.scope().floats(alibi.slopes(), alibi.slopes().length)));
        return constants;
    }

    /** Loads the weights before the first block. */
    TorchTensorMap embedding(Map<String, PlacedWeight> slots) {
        Map<String, TorchTensor> weights = store.load(slots, computeType);
        weights.putAll(constants);
        int positions = architecture.extents().context();
        int width = architecture.extents().hidden();
        architecture
                .sinusoids()
                .ifPresent(some -> weights.put(
                        Slot.weight(Slot.POSITION_EMBEDDING),
                        rounded(store.scope().floats(some.table(positions, width), positions, width))));
        return owned.own(program.map(weights));
    }

    private TorchTensor rounded(TorchTensor exact) {
        try (exact) {
            return program.tensor(store.scope(), "rounded", exact, TorchTypes.code(computeType));
        }
    }

    /** Loads the next block. */
    void addBlock(Map<String, PlacedWeight> slots) {
        Map<String, PlacedWeight> packed = form == WeightForm.PACKED ? PackedWeights.packable(slots) : Map.of();
        Map<String, TorchTensor> weights =
                store.load(Maps.filterKeys(slots, slot -> !packed.containsKey(slot)), computeType);
        weights.putAll(constants);
        weights.putAll(computedWeights(architecture, firstBlock + blocks.size(), store));
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
        return requireNonNull(programs.get(architecture.mixer().apply(block)));
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
                    ? changingSites(block).tensors(scope, "block_with_changes", arguments.toArray())
                    : readingSites(block).tensors(scope, "block_with_sites", arguments.toArray());
            int rows = 1 + Site.INSIDE.size();
            remember(block, states, made.subList(rows, made.size()));
            return made.subList(0, rows);
        });
    }

    /** Changes rows of the stream at the embedding or after a block. */
    TorchTensor changed(int block, TorchScope scope, TorchTensor residual, TorchTensorMap changes, Site site) {
        return changingSites(block).tensor(scope, "changed_stream", residual, changes, ChangeTensors.name(site));
    }

    /** Rows at a site, without what those of the stream carry beside it, float32. */
    TorchTensor rows(int block, Site site, TorchScope scope, TorchTensor all, TorchTensor indexes) {
        String method = site == Site.ATTENTION_HEADS ? "float_rows" : "stream_rows";
        return changingSites(block).tensor(scope, method, all, indexes);
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
                .during(weights -> readingSites(block).tensor(scope, "head_shares", heads, directions, weights));
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
