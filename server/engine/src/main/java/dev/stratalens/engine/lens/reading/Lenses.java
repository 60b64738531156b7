package dev.stratalens.engine.lens.reading;

import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.reading.TransportLens.PlacedMap;
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
 * The lenses of one model. Maps of fitted lenses are views of their mapped files, or copies on the device where their layer is. Not
 * thread-safe; to be closed before the model.
 */
public final class Lenses implements AutoCloseable {

    private static final String PROGRAM = "transport";

    private final List<NamedLens> fitted;
    /** By name, and by the device of the head. */
    private final Map<String, Map<Device, TransportLens>> transports = new LinkedHashMap<>();

    private final MappedFiles files;
    private final OwnedResources owned = new OwnedResources();

    /**
     * The lenses that every model has, and fitted ones.
     *
     * @param fitted lenses that fit the model
     */
    public Lenses(CausalLanguageModel model, List<NamedLens> fitted) {
        this.fitted = List.copyOf(fitted);
        files = MappedFiles.of(tensors());
        try {
            var parts = new Parts(model.placement(), model.tensors());
            List<Head> heads =
                    model.placement().heads().stream().map(model::head).toList();
            fitted.forEach(named -> transports.put(named.name(), parts.lens(named, heads)));
        } catch (RuntimeException | Error failure) {
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
        TransportLens lens = transports.getOrDefault(name, Map.of()).get(head.device());
        if (lens == null) {
            throw new IllegalArgumentException("no lens of this name is loaded: " + name);
        }
        return lens;
    }

    /** To be called before maps are read; see {@link MappedFiles#requireUnchanged}. */
    public void requireUnchanged() {
        files.requireUnchanged();
    }

    @Override
    public void close() {
        owned.close();
    }

    /** Makes maps on the devices of their layers. */
    private final class Parts {

        private final Placement placement;
        private final TensorCount tensors;
        private final Map<Device, WeightStore> stores = new HashMap<>();
        private final Map<Device, TorchProgram> programs = new HashMap<>();

        Parts(Placement placement, TensorCount tensors) {
            this.placement = placement;
            this.tensors = tensors;
        }

        Map<Device, TransportLens> lens(NamedLens named, List<Head> heads) {
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
            heads.forEach(head -> lenses.put(
                    head.device(),
                    new TransportLens(named.name(), head, lens.form(), maps, last, program(head.device()))));
            return lenses;
        }

        private TorchTensor load(Device device, TensorInfo tensor, WeightSource whole) {
            return stores.computeIfAbsent(device, at -> owned.own(new WeightStore(at, tensors)))
                    .load(
                            new PlacedWeight(whole, tensor),
                            tensor.type().weightType().orElseThrow());
        }

        private TorchProgram program(Device device) {
            return programs.computeIfAbsent(
                    device, at -> owned.own(TorchProgram.compile(at, PROGRAM, Map.of(), tensors)));
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
