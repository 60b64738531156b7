package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.Architecture.Weights;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * An {@link Architecture} in the making: a row of the table takes its relative's builder and changes what differs. Sizes are
 * checked and names resolved by {@link #build}. {@code {}} in a stored name stands for the block's number.
 */
public final class ArchitectureBuilder {

    private final HfConfig config;
    private final WeightNames names = new WeightNames();
    private final Set<String> unweightedNorms = new LinkedHashSet<>();
    private final List<Pattern> ignored = new ArrayList<>();
    private List<String> prefixes = List.of();
    private Extents extents;
    private Norm norm = new Norm(NormKind.LAYER_NORM, 1e-5);
    private Residual residual = Residual.USUAL;
    private Activation activation = Activation.SILU;
    private double embeddingMultiplier = 1;
    private HeadForm head = HeadForm.USUAL;
    private boolean tied;
    private Optional<IntToDoubleFunction> scale = Optional.empty();
    private double softcap;
    private IntUnaryOperator window = block -> 0;
    private IntFunction<Optional<RopeParameters>> rotary = block -> Optional.empty();
    private RotaryPairs rotaryPairs = RotaryPairs.HALVES;
    private QueryKeyNorm queryKeyNorm = QueryKeyNorm.NONE;
    private double clip;
    private Optional<Alibi> alibi = Optional.empty();
    private Optional<Attention.Latent> latent = Optional.empty();
    private GatedUnit gatedUnit = GatedUnit.USUAL;
    private Optional<Mixture> mixture = Optional.empty();

    /** Starts with extents and neither norms nor products. */
    public ArchitectureBuilder(HfConfig config, Extents extents) {
        this.config = config;
        this.extents = extents;
    }

    /** What the row reads. */
    public HfConfig config() {
        return config;
    }

    public Extents extents() {
        return extents;
    }

    public ArchitectureBuilder extents(Extents changed) {
        extents = changed;
        return this;
    }

    /** A class default where the file does not name the key; null in the file still means as many as heads. */
    public ArchitectureBuilder keyValueHeadsByDefault(int classDefault) {
        return extents(extents.keyValueHeadsByDefault(config, classDefault));
    }

    /** A class default where the file does not name the key. */
    public ArchitectureBuilder headSizeByDefault(int classDefault) {
        return extents(extents.headSizeByDefault(config, classDefault));
    }

    /** Beginnings that stored names may or may not carry, longest first. */
    public ArchitectureBuilder prefixes(String... some) {
        prefixes = List.of(some);
        return this;
    }

    public ArchitectureBuilder norm(NormKind kind, double epsilon) {
        norm = new Norm(kind, epsilon);
        return this;
    }

    public ArchitectureBuilder residual(Residual.Form form) {
        residual = new Residual(form, residual.multiplier());
        return this;
    }

    public ArchitectureBuilder residualMultiplier(double multiplier) {
        residual = new Residual(residual.form(), multiplier);
        return this;
    }

    public ArchitectureBuilder activation(Activation choice) {
        activation = choice;
        return this;
    }

    public ArchitectureBuilder embeddingMultiplier(double multiplier) {
        embeddingMultiplier = multiplier;
        return this;
    }

    public ArchitectureBuilder head(HeadForm form) {
        head = form;
        return this;
    }

    /** Reads whether the head is the token embedding where the file holds none. */
    public ArchitectureBuilder tiedByDefault(boolean classDefault) {
        tied = config.bool("tie_word_embeddings", config.outer().bool("tie_word_embeddings", classDefault));
        return this;
    }

    /** Instead of one through the root of the head size. */
    public ArchitectureBuilder attentionScale(IntToDoubleFunction ofBlock) {
        scale = Optional.of(ofBlock);
        return this;
    }

    public ArchitectureBuilder attentionSoftcap(double cap) {
        softcap = cap;
        return this;
    }

    /** Keys that a query of a block sees, itself included; 0 for all before it. */
    public ArchitectureBuilder window(IntUnaryOperator ofBlock) {
        window = ofBlock;
        return this;
    }

    public ArchitectureBuilder rotary(RopeParameters all) {
        return rotary(block -> Optional.of(all));
    }

    public ArchitectureBuilder rotary(IntFunction<Optional<RopeParameters>> ofBlock) {
        rotary = ofBlock;
        return this;
    }

    public ArchitectureBuilder rotaryPairs(RotaryPairs pairs) {
        rotaryPairs = pairs;
        return this;
    }

    public ArchitectureBuilder clip(double bound) {
        clip = bound;
        return this;
    }

    public ArchitectureBuilder alibi(Alibi biases) {
        alibi = Optional.of(biases);
        return this;
    }

    public ArchitectureBuilder withoutAlibi() {
        alibi = Optional.empty();
        return this;
    }

    public ArchitectureBuilder latent(Attention.Latent form) {
        latent = Optional.of(form);
        return this;
    }

    public ArchitectureBuilder gatedUnit(GatedUnit form) {
        gatedUnit = form;
        return this;
    }

    /** Puts a mixture of experts in the place of some blocks' feed-forward. */
    public ArchitectureBuilder mixture(Mixture some) {
        mixture = Optional.of(some);
        return this;
    }

    /** Stores a norm under a name. */
    public ArchitectureBuilder norm(String slot, String name) {
        names.norms.put(slot, name);
        return this;
    }

    /** A norm that the model has and no file holds. */
    public ArchitectureBuilder unweightedNorm(String slot) {
        names.remove(slot);
        unweightedNorms.add(slot);
        return this;
    }

    /** Whether norms have biases. */
    public ArchitectureBuilder normBias(boolean present) {
        names.normBias = present;
        return this;
    }

    /** Norms of queries and keys, with one weight for all heads unless the form says otherwise. */
    public ArchitectureBuilder queryKeyNorm(QueryKeyNorm form, String query, String key) {
        queryKeyNorm = form;
        names.norms.put(Slot.QUERY_NORM, query);
        names.norms.put(Slot.KEY_NORM, key);
        return this;
    }

    /** How the weights of query and key norms are stored. */
    public ArchitectureBuilder queryKeyNormWeights(QueryKeyNormWeights weights) {
        names.queryKeyNormWeights = weights;
        return this;
    }

    /** Stores a product under a name. */
    public ArchitectureBuilder product(String slot, String name) {
        names.product(slot, name);
        return this;
    }

    /**
     * Stores several products as one: groups one after another, each with its share of every product in the given order.
     */
    public ArchitectureBuilder fused(String name, int groups, String... slots) {
        names.fused(name, groups, List.of(slots));
        return this;
    }

    /** Products are stored [inputs, outputs]. */
    public ArchitectureBuilder inputsFirst() {
        names.inputsFirst = true;
        return this;
    }

    /** Which products have biases, in addition to those named before. */
    public ArchitectureBuilder bias(boolean present, String... slots) {
        names.bias(present, List.of(slots));
        return this;
    }

    /** Removes a part that the relative has. */
    public ArchitectureBuilder without(String slot) {
        names.remove(slot);
        unweightedNorms.remove(slot);
        return this;
    }

    /** Stores any other tensor of a block under a name. */
    public ArchitectureBuilder blockTensor(String slot, WeightSource source) {
        names.blockTensors.put(slot, source);
        return this;
    }

    /** Stores any other tensor before the first block under a name. */
    public ArchitectureBuilder embeddingTensor(String slot, WeightSource source) {
        names.embeddingTensors.put(slot, source);
        return this;
    }

    /** Names, without prefix, of tensors that are known and not used. */
    public ArchitectureBuilder ignore(String pattern) {
        ignored.add(Pattern.compile(pattern));
        return this;
    }

    /** A scaling begins where the positions of the pre-training end, so a prompt may be longer than those. */
    private static int context(Extents extents, List<Optional<RopeParameters>> ropes) {
        return ropes.stream()
                .flatMap(Optional::stream)
                .mapToInt(rope -> rope.scaling().reach())
                .reduce(extents.context(), Math::max);
    }

    /** Checks the choices against each other and resolves every name. */
    public Architecture build() {
        Extents checked = extents.checked(config);
        List<Optional<RopeParameters>> ropes =
                IntStream.range(0, checked.blocks()).mapToObj(rotary).toList();
        ropes.forEach(rope -> rope.ifPresent(some -> some.check(config, checked.headSize())));
        var resolved = new WeightResolver(names, checked, queryKeyNorm, mixture);
        double usualScale = 1 / Math.sqrt(checked.headSize());
        return new Architecture(
                config.modelType(),
                checked.reaching(mixture.map(Mixture::inner).orElse(0), context(checked, ropes)),
                norm,
                residual,
                new Attention(
                        scale.orElse(block -> usualScale),
                        softcap,
                        window,
                        ropes::get,
                        rotaryPairs,
                        queryKeyNorm,
                        clip,
                        names.blockTensors.containsKey(Slot.ATTENTION_SINKS),
                        latent,
                        alibi),
                activation,
                gatedUnit,
                mixture.map(Mixture::router).orElse(Router.NONE),
                embeddingMultiplier,
                head,
                new Weights(
                        prefixes,
                        resolved.embedding(),
                        resolved::block,
                        resolved.head(tied),
                        unweightedNorms,
                        ignored));
    }
}
