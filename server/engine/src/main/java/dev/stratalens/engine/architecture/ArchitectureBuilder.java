package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.mixer.Alibi;
import dev.stratalens.engine.architecture.mixer.Attention;
import dev.stratalens.engine.architecture.mixer.AttentionGate;
import dev.stratalens.engine.architecture.mixer.Balance;
import dev.stratalens.engine.architecture.mixer.BalancedMixer;
import dev.stratalens.engine.architecture.mixer.Mamba2;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.mixer.NoMixer;
import dev.stratalens.engine.architecture.mixer.ParallelMixers;
import dev.stratalens.engine.architecture.mixer.ParallelMixers.Factors;
import dev.stratalens.engine.architecture.mixer.QueryKeyNorm;
import dev.stratalens.engine.architecture.mixer.RotaryPairs;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.stream.OneStream;
import dev.stratalens.engine.architecture.stream.ResidualStreams;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.QueryKeyNormWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Builder of an {@link Architecture}. A row of the table takes the builder of its relative and changes the differences.
 * {@link #build} checks sizes and resolves names. {@code {}} in a stored name stands for the block's number.
 */
public final class ArchitectureBuilder {

    private final HfConfig config;
    private final WeightNames names = new WeightNames();
    private final BlockChoices choices = new BlockChoices();
    private final AttentionChoices attention = new AttentionChoices();
    private Extents extents;
    private Norm norm = new Norm(NormKind.LAYER_NORM, 1e-5);
    private ResidualStreams streams = new OneStream();
    private Residual residual = Residual.USUAL;
    private Activation activation = Activation.SILU;
    private GatedUnit gatedUnit = GatedUnit.USUAL;
    private double embeddingMultiplier = 1;
    private Optional<Sinusoids> sinusoids = Optional.empty();
    private IntUnaryOperator embeddedToken = token -> token;
    private int carried;
    private HeadForm head = HeadForm.USUAL;
    private boolean tied;
    private int longestPrompt = Integer.MAX_VALUE;

    /** Starts with extents, without norms and products. */
    public ArchitectureBuilder(HfConfig config, Extents extents) {
        this.config = config;
        this.extents = extents;
    }

    /** The configuration that the row reads. */
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

    /** Sets a class default for files without the key; null in the file still means the number of heads. */
    public ArchitectureBuilder keyValueHeadsByDefault(int classDefault) {
        return extents(extents.keyValueHeadsByDefault(config, classDefault));
    }

    /** Sets a class default for files without the key. */
    public ArchitectureBuilder headSizeByDefault(int classDefault) {
        return extents(extents.headSizeByDefault(config, classDefault));
    }

    /** Applies a change that several rows share. */
    public ArchitectureBuilder with(UnaryOperator<ArchitectureBuilder> change) {
        return change.apply(this);
    }

    /** Sets optional prefixes of stored names, longest first. */
    public ArchitectureBuilder prefixes(String... some) {
        names.prefixes = List.of(some);
        return this;
    }

    public ArchitectureBuilder norm(NormKind kind, double epsilon) {
        norm = new Norm(kind, epsilon);
        return this;
    }

    /** Sets the vectors of each token between blocks. */
    public ArchitectureBuilder streams(ResidualStreams some) {
        streams = some;
        return this;
    }

    /** Sets the class default of the usual key for the epsilon of norms. */
    public ArchitectureBuilder epsilonByDefault(double classDefault) {
        return norm(norm.kind(), config.number("rms_norm_eps", classDefault));
    }

    public ArchitectureBuilder residual(Residual.Form form) {
        residual = new Residual(form, residual.multiplier(), residual.feedForward());
        return this;
    }

    public ArchitectureBuilder residualMultiplier(double multiplier) {
        residual = new Residual(residual.form(), multiplier, residual.feedForward());
        return this;
    }

    /** Sets factors for the branches of blocks with attention. */
    public ArchitectureBuilder balance(Balance ofAttention, Balance ofFeedForward) {
        residual = new Residual(residual.form(), residual.multiplier(), ofFeedForward);
        return usualMixer(attention -> new BalancedMixer(attention, ofAttention));
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

    /** Reads whether the token embedding is the head if the file has no head. */
    public ArchitectureBuilder tiedByDefault(boolean classDefault) {
        tied = config.bool("tie_word_embeddings", config.outer().bool("tie_word_embeddings", classDefault));
        return this;
    }

    /** The token embedding is the head if the file has no head. */
    public ArchitectureBuilder tied() {
        tied = true;
        return this;
    }

    /** The same for a text model inside another, if either configuration says so. */
    public ArchitectureBuilder tiedOutsideByDefault(boolean classDefault) {
        tied = config.bool("tie_word_embeddings", false) || config.outer().bool("tie_word_embeddings", classDefault);
        return this;
    }

    /** Sets the scale of attention scores; by default 1 / sqrt(head size). */
    public ArchitectureBuilder attentionScale(IntToDoubleFunction ofBlock) {
        attention.scale = Optional.of(ofBlock);
        return this;
    }

    public ArchitectureBuilder attentionSoftcap(double cap) {
        attention.softcap = cap;
        return this;
    }

    /** Sets the number of keys that a query of a block sees, including its own; 0 for all keys before it. */
    public ArchitectureBuilder window(IntUnaryOperator ofBlock) {
        attention.window = ofBlock;
        return this;
    }

    public ArchitectureBuilder rotary(RopeParameters all) {
        return rotary(block -> Optional.of(all));
    }

    public ArchitectureBuilder rotary(IntFunction<Optional<RopeParameters>> ofBlock) {
        attention.rotary = ofBlock;
        return this;
    }

    public ArchitectureBuilder rotaryPairs(RotaryPairs pairs) {
        attention.rotaryPairs = pairs;
        return this;
    }

    public ArchitectureBuilder clip(double bound) {
        attention.clip = bound;
        return this;
    }

    public ArchitectureBuilder alibi(Alibi biases) {
        attention.alibi = Optional.of(biases);
        return this;
    }

    public ArchitectureBuilder withoutAlibi() {
        attention.alibi = Optional.empty();
        return this;
    }

    public ArchitectureBuilder latent(Attention.Latent form) {
        attention.latent = Optional.of(form);
        return this;
    }

    public ArchitectureBuilder gatedUnit(GatedUnit form) {
        gatedUnit = form;
        return this;
    }

    /** Limits the length of prompts, if longer ones need more than this family computes. */
    public ArchitectureBuilder longestPrompt(int tokens) {
        longestPrompt = tokens;
        return this;
    }

    public ArchitectureBuilder growth(Attention.Growth ofQueries) {
        attention.growth = Optional.of(ofQueries);
        return this;
    }

    public ArchitectureBuilder attentionGate(AttentionGate function) {
        attention.gate = function;
        return this;
    }

    /** Lets queries see only the keys of their own stretch of a prompt. */
    public ArchitectureBuilder attentionChunk(int tokens) {
        attention.chunk = tokens;
        return this;
    }

    /** Makes the attention of each block from the common one. Blocks with equal programs should share a mixer. */
    public ArchitectureBuilder usualMixers(Function<Attention, IntFunction<Mixer>> ofBlocks) {
        choices.usualMixers = ofBlocks;
        return this;
    }

    /** Makes the attention of all blocks from the common one. */
    public ArchitectureBuilder usualMixer(Function<Attention, Mixer> ofAll) {
        return usualMixers(attention -> {
            Mixer mixer = ofAll.apply(attention);
            return block -> mixer;
        });
    }

    /** Sets the token whose embedding a token of a prompt has, if it is another one. */
    public ArchitectureBuilder embeddedToken(IntUnaryOperator ofToken) {
        embeddedToken = ofToken;
        return this;
    }

    /** Sets the largest number of columns that a row carries beside its streams. */
    public ArchitectureBuilder carried(int columns) {
        carried = columns;
        return this;
    }

    /** Has rows carry the embedding of their token, from a table with this name. */
    public ArchitectureBuilder carryingEmbedding(String name) {
        long width = extents.hidden();
        return carried(extents.hidden())
                .embeddingTensor(
                        Slot.weight(Slot.CARRIED_EMBEDDING),
                        WeightSource.whole(name + ".weight", (long) extents.vocabulary(), width));
    }

    /** Adds a vector to every block that files do not hold, always in float32; blocks with an empty one lack it. */
    public ArchitectureBuilder computed(String slot, IntFunction<float[]> ofBlock) {
        names.computed.put(slot, ofBlock);
        return this;
    }

    /** Adds computed positions to the token embedding. */
    public ArchitectureBuilder sinusoids(Sinusoids positions) {
        sinusoids = Optional.of(positions);
        return this;
    }

    /** Gives some blocks other weights, and takes parts that are not theirs from them. */
    public ArchitectureBuilder differing(IntPredicate blocks, MixerWeights weights, String... without) {
        return differing(blocks, block -> weights, without);
    }

    /** The same with weights of its own for each block. */
    public ArchitectureBuilder differing(IntPredicate blocks, IntFunction<MixerWeights> weights, String... without) {
        choices.differing.add(new DifferingBlocks(blocks, List.of(without), weights));
        return this;
    }

    /** Replaces the attention of some blocks by another mixer, with all its weights. */
    public ArchitectureBuilder mixer(IntPredicate blocks, Mixer mixer, MixerWeights weights) {
        choices.mixed.add(new MixedBlocks(blocks, mixer, weights.slots()));
        return this;
    }

    /** Adds a state space that works beside the attention of every block, with all its weights. */
    public ArchitectureBuilder besideAttention(Mamba2 stateSpace, Factors factors, MixerWeights weights) {
        names.blockTensors.putAll(weights.slots());
        return usualMixer(attention -> new ParallelMixers(attention, stateSpace, factors));
    }

    /** Sets the blocks that have a feed-forward. */
    public ArchitectureBuilder feedForward(IntPredicate blocks) {
        choices.feedForward = blocks;
        return this;
    }

    /**
     * Gives each block one norm and one branch, which is its mixer or its feed-forward.
     *
     * @param feedForwards the blocks with a feed-forward
     * @param folder of the weights of either, in which they have the usual names
     */
    public ArchitectureBuilder oneBranch(IntPredicate feedForwards, String folder, String norm) {
        return norm(Slot.ATTENTION_NORM, norm)
                .norm(Slot.FEED_FORWARD_NORM, norm)
                .renamed("layers.{}.self_attn.", folder)
                .renamed("layers.{}.mlp.", folder)
                .feedForward(feedForwards)
                .mixer(feedForwards, new NoMixer(), new MixerWeights(folder));
    }

    /** Replaces the feed-forward of some blocks by a mixture of experts. */
    public ArchitectureBuilder mixture(Mixture some) {
        choices.mixture = Optional.of(some);
        return this;
    }

    /** Adds a norm with a stored name. */
    public ArchitectureBuilder norm(String slot, String name) {
        names.norms.put(slot, name);
        return this;
    }

    /** Adds a norm without a stored weight. */
    public ArchitectureBuilder unweightedNorm(String slot) {
        names.unweightedNorm(slot);
        return this;
    }

    /** Sets whether norms have biases. */
    public ArchitectureBuilder normBias(boolean present) {
        names.normBias = present;
        return this;
    }

    /** Adds norms of queries and keys, with one weight for all heads unless the form differs. */
    public ArchitectureBuilder queryKeyNorm(QueryKeyNorm form, String query, String key) {
        attention.queryKeyNorm = form;
        names.norms.put(Slot.QUERY_NORM, query);
        names.norms.put(Slot.KEY_NORM, key);
        return this;
    }

    /** Adds norms of queries and keys without weights. */
    public ArchitectureBuilder unweightedQueryKeyNorm(QueryKeyNorm form) {
        attention.queryKeyNorm = form;
        return unweightedNorm(Slot.QUERY_NORM).unweightedNorm(Slot.KEY_NORM);
    }

    /** Sets how the weights of query and key norms are stored. */
    public ArchitectureBuilder queryKeyNormWeights(QueryKeyNormWeights weights) {
        names.queryKeyNormWeights = weights;
        return this;
    }

    /** Adds a product with a stored name. */
    public ArchitectureBuilder product(String slot, String name) {
        names.product(slot, name);
        return this;
    }

    /**
     * Adds several products stored as one tensor: groups one after another, each with its share of every product in the
     * given order.
     */
    public ArchitectureBuilder fused(String name, int groups, List<String> slots) {
        names.fused(name, groups, slots);
        return this;
    }

    /** The same with named products. */
    public ArchitectureBuilder fused(String name, int groups, String... slots) {
        return fused(name, groups, List.of(slots));
    }

    /** Replaces the beginning of every stored name of a product or norm that has it. */
    public ArchitectureBuilder renamed(String beginning, String other) {
        names.rename(beginning, other);
        return this;
    }

    /** Products are stored as [inputs, outputs]. */
    public ArchitectureBuilder inputsFirst() {
        names.inputsFirst = true;
        return this;
    }

    /** Sets whether products have biases, in addition to earlier ones. */
    public ArchitectureBuilder bias(boolean present, List<String> slots) {
        names.bias(present, slots);
        return this;
    }

    /** The same with named products. */
    public ArchitectureBuilder bias(boolean present, String... slots) {
        return bias(present, List.of(slots));
    }

    /** Sets the class default of the usual key for biases on all four products of the attention. */
    public ArchitectureBuilder attentionBiasByDefault(boolean classDefault) {
        boolean present = config.bool("attention_bias", classDefault);
        return bias(present, Slot.QUERY_KEY_VALUE).bias(present, Slot.ATTENTION_OUTPUT);
    }

    /** Removes a part that the relative has. */
    public ArchitectureBuilder without(String slot) {
        names.remove(slot);
        return this;
    }

    /** Adds any other tensor of a block. */
    public ArchitectureBuilder blockTensor(String slot, WeightSource source) {
        names.blockTensors.put(slot, source);
        return this;
    }

    /** Adds any other tensor before the first block. */
    public ArchitectureBuilder embeddingTensor(String slot, WeightSource source) {
        names.embeddingTensors.put(slot, source);
        return this;
    }

    /** Adds any other tensor that lenses read residual rows with. */
    public ArchitectureBuilder headTensor(String slot, WeightSource source) {
        names.headTensors.put(slot, source);
        return this;
    }

    /** Ignores tensors by name, without prefix. */
    public ArchitectureBuilder ignore(String pattern) {
        names.ignored.add(Pattern.compile(pattern));
        return this;
    }

    /** Checks the choices against each other and resolves every name. */
    public Architecture build() {
        Extents checked = extents.checked(config);
        List<Optional<RopeParameters>> ropes = ropes(checked);
        Attention usual =
                attention.build(checked.headSize(), ropes::get, names.blockTensors.containsKey(Slot.ATTENTION_SINKS));
        return new Architecture(
                config.modelType(),
                checked.reaching(
                        choices.mixture.map(Mixture::inner).orElse(0),
                        Math.min(longestPrompt, context(checked, ropes))),
                norm,
                streams,
                residual,
                usual,
                choices.mixers(usual),
                activation,
                gatedUnit,
                choices.mixture.map(Mixture::router).orElse(Router.NONE),
                embeddingMultiplier,
                embeddedToken,
                carried + (streams.count() - 1) * checked.hidden(),
                sinusoids,
                head,
                new WeightResolver(names, checked, attention.queryKeyNorm, choices).weights(tied));
    }

    private List<Optional<RopeParameters>> ropes(Extents checked) {
        List<Optional<RopeParameters>> ropes = IntStream.range(0, checked.blocks())
                .mapToObj(block -> choices.mixedAt(block).isPresent()
                        ? Optional.<RopeParameters>empty()
                        : attention.rotary.apply(block))
                .toList();
        ropes.forEach(rope -> rope.ifPresent(some -> some.check(config, checked.headSize())));
        return ropes;
    }

    /** A scaling extends the positions of the pre-training, so a prompt may be longer. */
    private static int context(Extents extents, List<Optional<RopeParameters>> ropes) {
        return ropes.stream()
                .flatMap(Optional::stream)
                .mapToInt(rope -> rope.scaling().reach())
                .reduce(extents.context(), Math::max);
    }
}
