package dev.stratalens.engine.lens;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Suppliers;
import dev.stratalens.engine.lens.kernel.CalibrationFile;
import dev.stratalens.engine.lens.kernel.CpuHeadKernel;
import dev.stratalens.engine.lens.kernel.DeviceHeadKernel;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.kernel.RowTeam;
import dev.stratalens.engine.lens.kernel.TileCalibration;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.kernel.row.WarmingKernel;
import dev.stratalens.engine.lens.pass.FiniteLogits;
import dev.stratalens.engine.lens.pass.LensPass;
import dev.stratalens.engine.lens.pass.MemoryNeed;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.reading.GivenLenses;
import dev.stratalens.engine.lens.reading.LensFit;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.lens.sweep.SweepPass;
import dev.stratalens.engine.lens.transport.NamedLens;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.model.PromptState;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.DeviceCaches;
import dev.stratalens.engine.tensor.TorchRuntime;
import dev.stratalens.engine.text.Tokenizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A model on this machine with its lenses. */
public final class LoadedModel implements LensEngine {

    private final CausalLanguageModel model;
    private final Tokenizer tokenizer;
    private final ModelDescription description;
    private final String weightsFingerprint;
    private final Map<Device, HeadKernel> kernels;
    private final Lenses lenses;
    private final DeviceCaches caches;
    private final OwnedResources owned = new OwnedResources();
    private final int threads;
    /** Found once they are needed: what is wrong with them concerns nothing else. */
    private final Supplier<Set<Integer>> endTokens;

    private final FiniteLogits finite;
    private final MemoryNeed memoryNeed;

    /**
     * Takes ownership of a model without fitted lenses, its tokenizer and the kernel of its head, which reads all rows.
     *
     * @param threads number of threads for the blocks
     */
    public LoadedModel(String name, CausalLanguageModel model, Tokenizer tokenizer, HeadKernel kernel, int threads) {
        this(name, model, tokenizer, kernel, new Lenses(model, List.of()), threads);
    }

    /**
     * Takes ownership of a model, its tokenizer, the kernel of its head, which reads all rows, and its lenses.
     *
     * @param threads number of threads for the blocks
     */
    public LoadedModel(
            String name,
            CausalLanguageModel model,
            Tokenizer tokenizer,
            HeadKernel kernel,
            Lenses lenses,
            int threads) {
        this(name, model, tokenizer, Map.of(model.placement().head(), kernel), lenses, threads, DeviceCaches.OF_CARDS);
    }

    LoadedModel(
            String name,
            CausalLanguageModel model,
            Tokenizer tokenizer,
            Map<Device, HeadKernel> kernels,
            Lenses lenses,
            int threads,
            DeviceCaches caches) {
        this.lenses = lenses;
        this.model = model;
        this.tokenizer = tokenizer;
        this.description = model.describe(name, tokenizer.spelling());
        // Now, not when it is asked for: later, another file may have the name of the one that is mapped.
        this.weightsFingerprint = model.weightsFingerprint();
        this.kernels = Map.copyOf(kernels);
        owned.own(tokenizer);
        owned.own(model);
        owned.own(lenses);
        kernels.values().forEach(owned::own);
        this.caches = caches;
        this.threads = threads;
        this.endTokens = Suppliers.memoize(() -> model.endTokens(tokenizer));
        this.finite = new FiniteLogits(model, lenses.tensors());
        this.memoryNeed = new MemoryNeed(
                model.architecture(),
                model.placement(),
                model.head().computeType(),
                requireNonNull(kernels.get(model.placement().head())));
    }

    /** Prepares a model without fitted lenses; see the other method of this name. */
    public static LoadedModel of(
            String name, CausalLanguageModel model, Tokenizer tokenizer, long workBufferBytes, int threads) {
        return of(name, model, tokenizer, GivenLenses.NONE, workBufferBytes, threads);
    }

    /**
     * Prepares a model for lenses. Closing the result closes the model and the tokenizer.
     *
     * @param name as served
     * @param workBufferBytes size of the buffers for logits
     * @param threads number of threads for the blocks, and for a head on the processor
     */
    public static LoadedModel of(
            String name,
            CausalLanguageModel model,
            Tokenizer tokenizer,
            GivenLenses given,
            long workBufferBytes,
            int threads) {
        var fit = new LensFit(model, model.describe(name, tokenizer.spelling()).revision());
        var kernels = new HashMap<Device, HeadKernel>();
        var made = new OwnedResources();
        try {
            Lenses lenses = made.own(new Lenses(
                    model,
                    given.byName().entrySet().stream()
                            .map(lens -> fit.checked(lens.getKey(), lens.getValue()))
                            .toList(),
                    given.inMemory()));
            for (Device device : model.placement().heads()) {
                Head head = model.head(device);
                HeadKernel kernel = device.isHost()
                        ? onProcessor(head, workBufferBytes, threads)
                        : new DeviceHeadKernel(head, workBufferBytes);
                kernels.put(device, made.own(kernel));
            }
            return new LoadedModel(name, model, tokenizer, kernels, lenses, threads, DeviceCaches.OF_CARDS);
        } catch (RuntimeException | Error e) {
            made.closeAfter(e);
            throw e;
        }
    }

    private static HeadKernel onProcessor(Head head, long workBufferBytes, int threads) {
        var team = new RowTeam(threads);
        try {
            TileGeometry geometry =
                    new TileCalibration(head, team, workBufferBytes, CalibrationFile.ofThisMachine(threads)).geometry();
            return new CpuHeadKernel(head, geometry, WarmingKernel.best(), team);
        } catch (RuntimeException | Error e) {
            team.close();
            throw e;
        }
    }

    /** The model; owned by this object. */
    public CausalLanguageModel model() {
        return model;
    }

    @Override
    public int openTensors() {
        return model.tensors().open();
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public String weightsFingerprint() {
        return weightsFingerprint;
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public List<NamedLens> lenses() {
        return lenses.fitted();
    }

    @Override
    public long memoryNeed(LensPlan plan) {
        return memoryNeed.bytes(plan);
    }

    @Override
    public long stateBytes(int tokens) {
        return memoryNeed.stateBytes(tokens);
    }

    @Override
    public PromptState emptyState() {
        return model.decoder().emptyState();
    }

    @Override
    public Set<Integer> endTokens() {
        return endTokens.get();
    }

    @Override
    public void run(List<WantedPlan> plans, Interlude interlude) {
        TorchRuntime.disableShapeSpecialization();
        TorchRuntime.useThreads(threads);
        model.files().requireUnchanged();
        lenses.requireUnchanged();
        List<WantedPlan> together = plans.stream()
                .filter(plan -> plan.plan().interventions().sweep().isEmpty())
                .toList();
        boolean outOfMemory = !together.isEmpty() && runTogether(together, interlude);
        HeadKernel kernel = requireNonNull(kernels.get(model.placement().head()));
        for (WantedPlan plan : plans) {
            if (plan.plan().interventions().sweep().isPresent()) {
                var sweep = new SweepPass(model, lenses, kernel, plan, interlude);
                sweep.run();
                outOfMemory |= sweep.ranOutOfMemory();
            }
        }
        if (outOfMemory) {
            caches.giveBack(model.placement().devices());
        }
    }

    /** Returns whether a device had no memory left. */
    private boolean runTogether(List<WantedPlan> plans, Interlude interlude) {
        var pass = new LensPass(model, lenses, kernels, finite, plans, interlude);
        pass.run();
        return pass.ranOutOfMemory();
    }

    @Override
    public void close() {
        owned.close();
    }
}
