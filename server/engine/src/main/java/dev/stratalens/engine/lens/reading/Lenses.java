package dev.stratalens.engine.lens.reading;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.TransportLens.PlacedMap;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.transport.FittedLens;
import dev.stratalens.engine.lens.transport.NamedLens;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.weight.MappedFiles;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.model.weight.PlacedWeight;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.WeightStore;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lenses of one model. Maps of fitted lenses are views of their mapped files, or copies on the device where their layer is. All are
 * loaded at once if they may be in memory together, else when they are used. Not thread-safe; to be closed before the model.
 */
public final class Lenses implements AutoCloseable {

    private static final String PROGRAM = "transport";

    /**
     * The maps of a lens in memory.
     *
     * @param byHead the lens by the device of the head
     * @param owned what they take
     */
    private record LoadedLens(Map<Device, TransportLens> byHead, OwnedResources owned) {}

    private final List<NamedLens> fitted;
    private final int inMemory;
    private final CausalLanguageModel model;
    /** By name, the least recently used first. */
    private final Map<String, LoadedLens> loaded = new LinkedHashMap<>(16, 0.75f, true);

    private final MappedFiles files;
    private final Map<Device, TorchProgram> programs = new HashMap<>();
    private final OwnedResources owned = new OwnedResources();

    /**
     * The lenses that every model has, and fitted ones, all in memory.
     *
     * @param fitted lenses that fit the model
     */
    public Lenses(CausalLanguageModel model, List<NamedLens> fitted) {
        this(model, fitted, Math.max(1, fitted.size()));
    }

    /**
     * The lenses that every model has, and fitted ones.
     *
     * @param fitted lenses that fit the model
     * @param inMemory how many of them have their maps in memory at a time
     */
    public Lenses(CausalLanguageModel model, List<NamedLens> fitted, int inMemory) {
        this.model = model;
        this.fitted = List.copyOf(fitted);
        this.inMemory = inMemory;
        files = MappedFiles.of(tensors());
        try {
            if (fitted.size() <= inMemory) {
                fitted.forEach(this::load);
            }
        } catch (RuntimeException | Error failure) {
            loaded.values().forEach(lens -> lens.owned().closeAfter(failure));
            owned.closeAfter(failure);
            throw failure;
        }
    }

    /** The fitted lenses. */
    public List<NamedLens> fitted() {
        return fitted;
    }

    /** The stored numbers of the fitted lenses. */
    public List<TensorInfo> tensors() {
        return fitted.stream().flatMap(named -> named.lens().tensors().stream()).toList();
    }

    /** The lens of a plan, for rows on the device of a head. */
    public Lens of(RequestedLens requested, Head head) {
        if (requested instanceof RequestedLens.Logit) {
            return (step, residual, groups) -> head.normed(step, residual);
        }
        if (requested instanceof RequestedLens.Raw) {
            return (step, residual, groups) -> head.raw(step, residual);
        }
        return transport(((RequestedLens.Transport) requested).name(), head);
    }

    /**
     * Pulls a direction on the device of a head back through the map that a fitted lens has at a read point.
     *
     * @param direction [1, d]
     * @return [1, d]
     */
    public TorchTensor pulledBack(String name, Head head, TorchScope step, TorchTensor direction, ReadPoint point) {
        return transport(name, head).pulledBack(step, direction, point);
    }

    private TransportLens transport(String name, Head head) {
        LoadedLens known = loaded.get(name);
        TransportLens lens =
                (known == null ? load(named(name)) : known).byHead().get(head.device());
        if (lens == null) {
            throw new IllegalArgumentException("this model has no head on %s".formatted(head.device()));
        }
        return lens;
    }

    private NamedLens named(String name) {
        return fitted.stream()
                .filter(lens -> lens.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("this model has no lens " + name));
    }

    /** Loads the maps of a lens, after it has freed those of the least recently used one if there is no room. */
    private LoadedLens load(NamedLens lens) {
        if (loaded.size() == inMemory) {
            String oldest = loaded.keySet().iterator().next();
            requireNonNull(loaded.remove(oldest)).owned().close();
        }
        var parts = new OwnedResources();
        try {
            var made = new LoadedLens(new Parts(model.placement(), model.tensors(), parts).lens(lens), parts);
            loaded.put(lens.name(), made);
            return made;
        } catch (RuntimeException | Error failure) {
            parts.closeAfter(failure);
            throw failure;
        }
    }

    /** To be called before maps are read; see {@link MappedFiles#requireUnchanged}. */
    public void requireUnchanged() {
        files.requireUnchanged();
    }

    @Override
    public void close() {
        try (owned) {
            loaded.values().forEach(lens -> lens.owned().close());
            loaded.clear();
        }
    }

    private TorchProgram program(Device device) {
        return programs.computeIfAbsent(
                device, at -> owned.own(TorchProgram.compile(at, PROGRAM, Map.of(), model.tensors())));
    }

    /** Makes maps on the devices of their layers. */
    private final class Parts {

        private final Placement placement;
        private final TensorCount tensors;
        private final OwnedResources parts;
        private final Map<Device, WeightStore> stores = new HashMap<>();

        Parts(Placement placement, TensorCount tensors, OwnedResources parts) {
            this.placement = placement;
            this.tensors = tensors;
            this.parts = parts;
        }

        Map<Device, TransportLens> lens(NamedLens named) {
            FittedLens lens = named.lens();
            var maps = new HashMap<ReadPoint, PlacedMap>();
            lens.maps().forEach((point, map) -> {
                Device device = device(point);
                Optional<TorchTensor> bias =
                        map.bias().map(tensor -> load(device, tensor, WeightSource.whole("", (long) lens.width())));
                TorchTensor matrix =
                        load(device, map.matrix(), WeightSource.whole("", (long) lens.width(), (long) lens.width()));
                maps.put(point, new PlacedMap(program(device), matrix, bias));
            });
            ReadPoint last = ReadPoint.layer(placement.blockCount() - 1);
            var lenses = new HashMap<Device, TransportLens>();
            placement.heads().stream()
                    .map(model::head)
                    .forEach(head -> lenses.put(
                            head.device(),
                            new TransportLens(named.name(), head, lens.form(), maps, last, program(head.device()))));
            return lenses;
        }

        private TorchTensor load(Device device, TensorInfo tensor, WeightSource whole) {
            return stores.computeIfAbsent(device, at -> parts.own(new WeightStore(at, tensors)))
                    .load(
                            new PlacedWeight(whole, tensor),
                            tensor.type().weightType().orElseThrow());
        }

        private Device device(ReadPoint point) {
            return placement.stages().stream()
                    .filter(stage -> point.block() < stage.endBlock())
                    .findFirst()
                    .orElseThrow()
                    .device();
        }
    }
}
