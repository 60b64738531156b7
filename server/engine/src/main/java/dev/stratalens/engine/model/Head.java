package dev.stratalens.engine.model;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.model.weight.TorchTypes;
import dev.stratalens.engine.model.weight.WeightPlan;
import dev.stratalens.engine.model.weight.WeightStore;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import dev.stratalens.engine.tensor.TorchTensorMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All steps from a residual row to its logits: the final norm, a projection to a narrower unembedding, the factor on
 * logits (applied to the rows), the unembedding, its bias and the softcap. Steps that a family lacks are left out.
 * Norms are computed in float32. The product runs in the compute type, tile by tile into a buffer of the caller. Not
 * thread-safe; freed with its model.
 */
public final class Head {

    /** Tokens at a time when expected logits are summed over the vocabulary; the same as in head.torchscript. */
    public static final int CAPPED_COLUMNS = 2048;

    private static final String UNEMBEDDING = Slot.weight(Slot.UNEMBEDDING);

    private final int vocabularySize;
    /** Width of the unembedding. */
    private final int hiddenSize;

    private final boolean biased;
    private final boolean capped;
    private final DataType computeType;
    private final TorchProgram program;
    private final TorchProgram plainProgram;
    private final TensorCount tensors;
    private final Map<String, Object> constants;
    private final TorchTensor unembedding;
    private final TorchTensorMap weights;
    private final Optional<UnembeddingRows> unembeddingRows;
    /** Where numbers are copied to on their way to the heap; the program itself if the heap reads its tensors. */
    private final TorchProgram landing;

    Head(Architecture architecture, WeightPlan plan, WeightStore store, DataType computeType, OwnedResources owned) {
        this.vocabularySize = architecture.extents().vocabulary();
        this.hiddenSize = Math.toIntExact(requireNonNull(plan.head().get(UNEMBEDDING))
                .source()
                .storedShape()
                .get(1));
        this.capped = architecture.head().softcap() > 0;
        this.biased = plan.head().containsKey(Slot.bias(Slot.UNEMBEDDING));
        this.computeType = computeType;
        this.tensors = owned.tensors();
        this.constants = constants(architecture);
        this.program = owned.compile(store.device(), "head", constants);
        this.landing = store.device().isHost() ? program : owned.compile(Device.CPU, "head", constants);
        this.plainProgram = owned.compile(store.device(), "self_check", constants);
        var norms = new HashMap<>(plan.head());
        this.unembedding = store.load(requireNonNull(norms.remove(UNEMBEDDING)), computeType);
        norms.keySet().removeIf(Slot::isOfStreams);
        var slots = new HashMap<>(store.load(norms, DataType.FLOAT32));
        slots.put(UNEMBEDDING, unembedding);
        if (architecture.weights().unweightedNorms().contains(Slot.FINAL_NORM)) {
            slots.put(
                    Slot.weight(Slot.FINAL_NORM),
                    store.ones(architecture.extents().hidden(), DataType.FLOAT32));
        }
        this.weights = owned.own(program.map(slots));
        this.unembeddingRows = store.device().isHost() && computeType != DataType.FLOAT16
                ? Optional.of(new UnembeddingRows(
                        views(store.scope()),
                        hiddenSize,
                        computeType,
                        biased
                                ? requireNonNull(slots.get(Slot.bias(Slot.UNEMBEDDING)))
                                        .floats()
                                : new float[0],
                        (float) architecture.head().softcap()))
                : Optional.empty();
    }

    /** Attributes of both programs. */
    static Map<String, Object> constants(Architecture architecture) {
        return Map.of(
                "norm_kind", architecture.norm().kind().programName(),
                "norm_weight_offset", architecture.norm().kind().weightOffset(),
                "norm_epsilon", architecture.norm().epsilon(),
                "logit_scale", architecture.head().scale(),
                "logit_softcap", architecture.head().softcap());
    }

    private List<ByteBuffer> views(TorchScope scope) {
        int rowsPerView = UnembeddingRows.rowsPerView(hiddenSize, computeType);
        var views = new ArrayList<ByteBuffer>();
        for (int first = 0; first < vocabularySize; first += rowsPerView) {
            int last = Math.min(first + rowsPerView, vocabularySize);
            views.add(program.tensor(scope, "contiguous_rows", weights, first, last)
                    .directView());
        }
        return views;
    }

    /** Columns of the logits, V. */
    public int vocabularySize() {
        return vocabularySize;
    }

    /** Its device. */
    public Device device() {
        return program.device();
    }

    /** Numbers of a row before the unembedding. */
    public int width() {
        return hiddenSize;
    }

    /** Type of the product. */
    public DataType computeType() {
        return computeType;
    }

    /** The unembedding, [V, d] in the type of the product. */
    public TorchTensor unembedding() {
        return unembedding;
    }

    /** All its weights, by slot. */
    public TorchTensorMap weights() {
        return weights;
    }

    /**
     * The program that reads rows without a look at their logits, for the caller to close.
     *
     * @param gathered numbers of rows of the unembedding that it may copy at a time
     */
    public TorchProgram deviceProgram(long gathered) {
        var all = new HashMap<>(constants);
        all.put("gathered", gathered);
        return TorchProgram.compile(device(), List.of("head", "device_head"), all, tensors);
    }

    /** The program that fits lenses, for the caller to close. */
    public TorchProgram fittingProgram() {
        return TorchProgram.compile(device(), List.of("head", "lens_fit"), constants, tensors);
    }

    /** The program of {@link LogitShares}, for the caller to close. */
    TorchProgram attributionProgram() {
        return TorchProgram.compile(device(), List.of("head", "attribution"), constants, tensors);
    }

    /** The program of {@link InterventionNumbers}, for the caller to close. */
    TorchProgram interventionProgram() {
        return TorchProgram.compile(device(), List.of("head", "interventions"), constants, tensors);
    }

    /** Copies float32 numbers of this device to the heap. Waits for the device. */
    public float[] numbers(TorchTensor tensor) {
        if (device().isHost()) {
            return tensor.floats();
        }
        try (TorchScope here = landing.scope()) {
            return here.copyOf(tensor).floats();
        }
    }

    /** A scope for copies of this device's tensors whose bytes can be read. */
    public TorchScope landing() {
        return landing.scope();
    }

    /** A scope for tensors that live as long as the head. */
    public TorchScope scope() {
        return program.scope();
    }

    /** Rows first .. last-1, as a view. */
    public TorchTensor slice(TorchScope scope, TorchTensor rows, int first, int last) {
        return program.tensor(scope, "slice_rows", rows, first, last);
    }

    /** A copy of selected rows. */
    public TorchTensor select(TorchScope scope, TorchTensor rows, long[] indexes) {
        return program.tensor(scope, "rows_at", rows, scope.longs(indexes, indexes.length));
    }

    /** Residual rows after the final norm, float32, [r, d]. */
    public TorchTensor normed(TorchScope scope, TorchTensor rows) {
        return program.tensor(scope, "normed", rows, weights);
    }

    /** Residual rows without the final norm, float32, [r, d]. */
    public TorchTensor raw(TorchScope scope, TorchTensor rows) {
        return program.tensor(scope, "raw", rows, weights);
    }

    /** Float32 rows in the type of the product. */
    public TorchTensor rounded(TorchScope scope, TorchTensor rows) {
        return computeType == DataType.FLOAT32
                ? rows
                : program.tensor(scope, "rounded", rows, TorchTypes.code(computeType));
    }

    /** A buffer for tiles of this number of logits, in the type of the product. */
    public TorchTensor tileBuffer(TorchScope scope, int elements) {
        return program.tensor(scope, "empty_buffer", (long) elements, TorchTypes.code(computeType));
    }

    /**
     * Writes logits of the tokens first .. last-1 to the start of the buffer, [r, last - first] row-major.
     *
     * @param rows in the type of the product, [r, d]
     */
    public void projectTile(TorchTensor rows, int first, int last, TorchTensor buffer) {
        program.execute("project_tile", rows, weights, first, last, buffer);
    }

    /** The unembedding's memory, for reading single rows; valid as long as the head. Only if the heap can read it and its type. */
    public UnembeddingRows unembeddingRows() {
        return unembeddingRows.orElseThrow();
    }

    /** Empty sums for a number of distributions. */
    public ExpectationSums expectationSums(TorchScope scope, int rows) {
        return new ExpectationSums(
                program.tensor(scope, "zeros", (long) rows, (long) hiddenSize + (biased ? 1 : 0)),
                program.tensor(scope, "zeros", (long) rows, 1L));
    }

    /**
     * Adds a tile to the sums over tokens of exp(logit - maximum) times the token's unembedding row, after scaling the
     * sums to new maxima. The tile's logits are in the buffer; float32 logits are overwritten. In low precision the
     * weights of the tokens are rounded. The totals are sums of the rounded weights, so the result is still the
     * expectation over a distribution.
     */
    public void addExpectation(
            TorchScope scope, TorchTensor buffer, int first, int last, Rescaling rescaling, ExpectationSums sums) {
        try (TorchTensor maxima = scope.floats(rescaling.maxima(), rescaling.maxima().length);
                TorchTensor factors = scope.floats(rescaling.factors(), rescaling.factors().length)) {
            program.execute(
                    "add_expectation", buffer, weights, first, last, maxima, factors, sums.rows(), sums.totals());
        }
    }

    /**
     * Adds other sums to sums, each row of both times a factor.
     *
     * @param factors of the rows of the sums that are added to
     * @param otherFactors of the rows of the others
     */
    public void addSums(
            TorchScope scope, ExpectationSums sums, float[] factors, ExpectationSums others, float[] otherFactors) {
        try (TorchTensor mine = scope.floats(factors, factors.length, 1);
                TorchTensor theirs = scope.floats(otherFactors, otherFactors.length, 1)) {
            program.execute("add_sums", sums.rows(), sums.totals(), mine, others.rows(), others.totals(), theirs);
        }
    }

    /** Turns sums into expectations, in place, after all tiles were added. */
    public void divide(ExpectationSums sums) {
        program.execute("divide_rows", sums.rows(), sums.totals());
    }

    /** Whether logits have a softcap. Expected logits then need a sum over the vocabulary. */
    public boolean capped() {
        return capped;
    }

    /** Copies rows over others of the same shape. */
    public void copy(TorchTensor to, TorchTensor rows) {
        program.execute("copy_rows", to, rows);
    }

    /**
     * Expected logits: the head is linear, so the expectation of the logits of a row is the row times the expected
     * unembedding row. With a softcap it is not, and the expectation is summed over the vocabulary: a product of every
     * row and every distribution with the whole unembedding, {@link #CAPPED_COLUMNS} tokens at a time.
     *
     * @param rows float32, [r, d]
     * @param expectations [e, d]; for a capped head, the rows of the distributions
     * @param indexes index of the expectation for each row, [r]
     * @return [r]
     */
    public float[] expectedLogits(TorchScope scope, TorchTensor rows, TorchTensor expectations, long[] indexes) {
        try (TorchTensor chosen = scope.longs(indexes, indexes.length);
                TorchTensor products = capped
                        ? program.tensor(scope, "capped_expectations", rows, weights, expectations, chosen)
                        : program.tensor(scope, "dot_rows", rows, expectations, chosen)) {
            return numbers(products);
        }
    }

    /** Residual rows before the unembedding, computed by separate, plain code, float32, [r, d]. */
    public TorchTensor plainlyNormed(TorchScope scope, TorchTensor rows) {
        return plainProgram.tensor(scope, "normed", rows, weights);
    }

    /**
     * Logits of such rows by one plain product. The compute type must be float32.
     *
     * @param rows a few, float32, [r, d]
     * @return [r * V]
     */
    public float[] plainLogits(TorchScope scope, TorchTensor rows) {
        try (TorchTensor logits = plainProgram.tensor(scope, "logits", rows, weights)) {
            return numbers(logits);
        }
    }

    /**
     * The rescaling of running sums of exponentials to new maxima.
     *
     * @param maxima new maximum of each row
     * @param factors exp(old maximum - new maximum) of each row
     */
    public record Rescaling(float[] maxima, float[] factors) {}

    /**
     * Running sums over tokens, tile by tile.
     *
     * @param rows weighted sums of unembedding rows, float32, [r, d], with a further column for the bias if there is
     *     one
     * @param totals sums of the weights, float32, [r, 1]
     */
    public record ExpectationSums(TorchTensor rows, TorchTensor totals) {}
}
