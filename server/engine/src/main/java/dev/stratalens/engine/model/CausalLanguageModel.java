package dev.stratalens.engine.model;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource.Orientation;
import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.FiniteNumbers;
import dev.stratalens.engine.checkpoint.NumberHash;
import dev.stratalens.engine.checkpoint.TensorFingerprint;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.DeviceMemoryException;
import dev.stratalens.engine.error.DeviceUnavailableException;
import dev.stratalens.engine.model.ModelDescription.FinalNorm;
import dev.stratalens.engine.model.ModelDescription.HeadDescription;
import dev.stratalens.engine.model.site.BlockSites;
import dev.stratalens.engine.model.weight.MappedFiles;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.model.weight.PlacedWeight;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.model.weight.ReadAhead;
import dev.stratalens.engine.model.weight.WeightMemory;
import dev.stratalens.engine.model.weight.WeightPlan;
import dev.stratalens.engine.model.weight.WeightStores;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.DeviceCaches;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchRuntime;
import dev.stratalens.engine.text.TokenSpelling;
import dev.stratalens.engine.text.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A decoder and its head over mapped weights. Not thread-safe; closing frees the weights. */
public final class CausalLanguageModel implements AutoCloseable {

    private final Architecture architecture;
    private final Checkpoint checkpoint;
    private final WeightPlan plan;
    private final Placement placement;
    private final DataType computeType;
    private final Map<Device, Long> weightBytes;
    private final MappedFiles files;
    private final OwnedResources owned;
    private final Decoder decoder;
    private final Map<Device, Head> heads = new LinkedHashMap<>();

    private CausalLanguageModel(
            Architecture architecture,
            Checkpoint checkpoint,
            WeightPlan plan,
            Placer placer,
            Precision precision,
            WeightListener listener,
            OwnedResources owned) {
        this.architecture = architecture;
        this.checkpoint = checkpoint;
        this.plan = plan;
        TorchRuntime.disableShapeSpecialization();
        ComputeChoice choice = ComputeTypeChoice.choose(
                precision,
                // Quantized weights are approximate already, so bfloat16 is precise enough for them.
                isQuantized() ? Optional.of(DataType.BFLOAT16) : storedType(),
                plan.tensors().stream()
                        .mapToLong(tensor -> Math.max(tensor.byteCount(), 2 * tensor.elementCount()))
                        .sum(),
                placer.fastest(),
                () -> listener.inTurn(() -> ComputeTypeChoice.bfloat16Speedup(architecture, placer.fastest())));
        listener.chosen(choice);
        this.computeType = choice.type();
        this.placement = placed(architecture, placer.place(WeightMemory.sizes(plan, computeType)));
        refuseFloat16OnProcessor(placement, computeType);
        this.weightBytes = WeightMemory.bytes(plan, computeType, placement);
        long[] bytesAfter = WeightMemory.bytesAfter(plan, computeType);
        listener.placed(placement, weightBytes);
        listener.needs(hostBytes());
        listener.loaded(0, weightBytes());
        this.owned = owned;
        this.files = MappedFiles.of(plan.tensors());
        var stores = new WeightStores(placement, owned);
        try (var ahead = ReadAhead.of(plan, placement)) {
            this.decoder = new Decoder(
                    architecture,
                    plan,
                    placement,
                    stores,
                    computeType,
                    blocks -> {
                        ahead.copied(1 + blocks);
                        listener.loaded(bytesAfter[blocks], weightBytes());
                    },
                    owned,
                    Decoder.QUERY_ROWS);
        }
        placement
                .heads()
                .forEach(device ->
                        heads.put(device, new Head(architecture, plan, stores.on(device), computeType, owned)));
        listener.loaded(weightBytes(), weightBytes());
    }

    /** Maps a checkpoint for the processor. */
    public static CausalLanguageModel load(Checkpoint checkpoint, Precision precision, WeightListener listener) {
        return load(checkpoint, precision, Placer.PROCESSOR, listener);
    }

    /**
     * Maps a checkpoint.
     *
     * @param placer chooses the devices of the parts
     * @throws dev.stratalens.engine.error.ModelTooLargeException if the devices have no room for it
     * @throws dev.stratalens.engine.error.UnsupportedArchitectureException if the family is unknown
     * @throws dev.stratalens.engine.error.InvalidCheckpointException if configuration or tensors do not fit the family
     */
    public static CausalLanguageModel load(
            Checkpoint checkpoint, Precision precision, Placer placer, WeightListener listener) {
        return load(checkpoint, precision, placer, listener, new OwnedResources());
    }

    static CausalLanguageModel load(
            Checkpoint checkpoint, Precision precision, Placer placer, WeightListener listener, OwnedResources owned) {
        Architecture architecture = Architectures.of(checkpoint.config());
        WeightPlan plan = WeightPlan.of(architecture, checkpoint.tensors());
        try {
            return new CausalLanguageModel(architecture, checkpoint, plan, placer, precision, listener, owned);
        } catch (Throwable failure) {
            owned.closeAfter(failure);
            if (failure instanceof DeviceMemoryException) {
                DeviceCaches.OF_CARDS.giveBack(List.of(placer.fastest()));
            }
            throw failure;
        }
    }

    private static Placement placed(Architecture architecture, Placement placed) {
        int blocks = architecture.extents().blocks();
        if (placed.blockCount() != blocks) {
            throw new IllegalArgumentException(
                    "The placement has %d blocks, but the model has %d.".formatted(placed.blockCount(), blocks));
        }
        return placed;
    }

    /** The processor's products in float16 take three times as long as in float32, and nothing reads their logits. */
    private static void refuseFloat16OnProcessor(Placement placement, DataType computeType) {
        if (computeType == DataType.FLOAT16 && placement.devices().contains(Device.CPU)) {
            throw new DeviceUnavailableException(
                    ("float16 is computed on cards only, but this model would have %s. Set dtype to auto, float32 or"
                                    + " bfloat16, or give it cards with more free memory.")
                            .formatted(placement.inWords()));
        }
    }

    /** The blocks. */
    public Decoder decoder() {
        return decoder;
    }

    /** The head that reads the model's own output. */
    public Head head() {
        return head(placement.head());
    }

    /** The head on a device of the placement's heads, which reads residual rows there. */
    public Head head(Device device) {
        return requireNonNull(heads.get(device));
    }

    /** Choices and extents. */
    public Architecture architecture() {
        return architecture;
    }

    /** Bytes of the weights in memory, mapped or copied. */
    public long weightBytes() {
        return weightBytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The part of them in the memory of this machine. */
    private long hostBytes() {
        return weightBytes.entrySet().stream()
                .filter(entry -> entry.getKey().isHost())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The same on each device. */
    public Map<Device, Long> weightBytesByDevice() {
        return weightBytes;
    }

    /** Counts the tensors of this model: its weights and all tensors of its scopes; 0 once it is closed. */
    public TensorCount tensors() {
        return owned.tensors();
    }

    /** The devices of the parts. */
    public Placement placement() {
        return placement;
    }

    /** The first stored weight with a number that is not finite. Reads all weights. */
    public Optional<TensorInfo> firstWeightThatIsNotFinite() {
        return FiniteNumbers.firstWithout(plan.tensors());
    }

    /**
     * SHA-256 of the numbers of the unembedding in float32, as programs that fit lenses write it, in hexadecimal. Empty if the file
     * does not have the matrix as it is: in quantized files, for example. Reads the whole matrix.
     */
    public Optional<String> unembeddingHash() {
        PlacedWeight unembedding = requireNonNull(plan.head().get(Slot.weight(Slot.UNEMBEDDING)));
        TensorInfo tensor = unembedding.tensor();
        boolean whole = unembedding.source().orientation() == Orientation.OUTPUTS_FIRST
                && unembedding.source().outputs().count() == tensor.shape()[0]
                && unembedding.source().slice().isEmpty();
        return whole && tensor.decoding().isEmpty() ? Optional.of(NumberHash.of(tensor)) : Optional.empty();
    }

    /** The files whose pages are weights. */
    public MappedFiles files() {
        return files;
    }

    /** Tokens that end a text, as the checkpoint's files say, or else its tokenizer. */
    public Set<Integer> endTokens(Tokenizer tokenizer) {
        return EndTokens.of(checkpoint, tokenizer, architecture.extents().vocabulary());
    }

    /** Name of the file with the weights, or of the index of several files. */
    public String weightsFile() {
        return Checkpoint.fileOf(plan.tensors());
    }

    /** Tells the weights that are used from others. */
    public String weightsFingerprint() {
        return TensorFingerprint.of(plan.tensors());
    }

    /** The description of the model under a name, with a tokenizer of this spelling. */
    public ModelDescription describe(String name, TokenSpelling spelling) {
        Extents extents = architecture.extents();
        return new ModelDescription(
                name,
                checkpoint.revision(),
                architecture.modelType(),
                extents.blocks(),
                extents.hidden(),
                extents.vocabulary(),
                extents.context(),
                plan.tensors().stream().mapToLong(TensorInfo::elementCount).sum(),
                storedType(),
                computeType,
                finalNorm(),
                new HeadDescription(
                        plan.tiedHead(),
                        plan.head().containsKey(Slot.bias(Slot.UNEMBEDDING)),
                        (float) architecture.head().scale(),
                        (float) architecture.head().softcap()),
                spelling,
                placement,
                BlockSites.of(architecture),
                BlockSites.attributed(architecture),
                architecture.streams().count(),
                BlockSites.heads(architecture),
                BlockSites.whyNotASum(architecture));
    }

    private FinalNorm finalNorm() {
        if (!plan.head().containsKey(Slot.weight(Slot.FINAL_NORM))
                && !architecture.weights().unweightedNorms().contains(Slot.FINAL_NORM)) {
            return FinalNorm.NONE;
        }
        return architecture.norm().kind().isRms() ? FinalNorm.RMS_NORM : FinalNorm.LAYER_NORM;
    }

    private boolean isQuantized() {
        return plan.tensors().stream().anyMatch(TensorInfo::isQuantized);
    }

    private Optional<DataType> storedType() {
        if (isQuantized()) {
            return Optional.empty();
        }
        Set<DataType> types = plan.types().stream()
                .map(type -> type.weightType().orElseThrow())
                .collect(Collectors.toSet());
        return types.size() == 1 ? Optional.of(types.iterator().next()) : Optional.empty();
    }

    @Override
    public void close() {
        owned.close();
        DeviceCaches.OF_CARDS.giveBack(placement.devices());
    }
}
