package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.internal.result.LensColumns;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.v1.CellChunk;
import dev.stratalens.v1.TargetChunk;
import dev.stratalens.v1.TrajectoryChunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows header and prompt: targets, the layers of each lens in any order of lenses, then trajectories lens by lens. */
final class BodyAssembler {

    private final HeaderReader head;
    private final TargetReader targets;
    private final boolean targetsFirst;
    private final AttributionAssembler attribution;
    private final List<OfLens> lenses = new ArrayList<>();
    private @Nullable ResultInfo info;

    /** The numbers of one lens. */
    private record OfLens(Lens lens, LayerAssembler layers, TrajectoryAssembler trajectories) {}

    BodyAssembler(HeaderReader head) {
        this.head = head;
        targets = new TargetReader(head);
        attribution = new AttributionAssembler(head);
        targetsFirst = head.header().getTargetsCount() > 0
                || head.statistics().stream().anyMatch(Statistic::needsOutput);
        KnownIds references = new KnownIds(head.positions().size());
        List<Lens> asked = head.request().effectiveLenses();
        for (int index = 0; index < asked.size(); index++) {
            Lens lens = asked.get(index);
            List<Integer> covered = head.covered(index);
            LayerAssembler layers = new LayerAssembler(
                    head, covered, new CellReader(head, targets, references, covered.get(covered.size() - 1)));
            TrajectoryRows reader = new TrajectoryRows(head, targets, references, layers.layers());
            lenses.add(new OfLens(lens, layers, new TrajectoryAssembler(head, reader, layers.layers())));
        }
    }

    /** What is known before the first layer; null until all targets came. */
    @Nullable
    ResultInfo info() {
        return info;
    }

    /** The same; refuses what came before all targets. */
    ResultInfo requireInfo(String what) {
        if (info == null) {
            throw BrokenStream.error(what + " came where " + targets.expected() + " were expected");
        }
        return info;
    }

    void add(TargetChunk chunk) {
        require(!targets.isComplete(), "a target chunk came after the last position");
        targets.add(chunk);
        if (targets.isComplete()) {
            info = targets.info();
        }
    }

    /** Takes a chunk; gives its layer if that is complete now. */
    @Nullable
    ReadLayer add(CellChunk chunk) {
        if (targetsFirst) {
            requireInfo("a layer");
        }
        OfLens lens = lens(chunk.getLens());
        CellCodes layer = lens.layers().add(chunk);
        return layer == null ? null : new ReadLayer(lens.lens(), layer.columns());
    }

    /** Lets go of the layers so far; trajectories could not be read any more. */
    void forgetLayers() {
        lenses.forEach(lens -> lens.layers().forget());
    }

    void add(TrajectoryChunk chunk) {
        require(head.header().getHasTrajectories(), "a trajectory came, but the header promised none");
        requireLayers("a trajectory");
        requireInfo("a trajectory");
        OfLens lens = lens(chunk.getLens());
        for (int earlier = 0; earlier < chunk.getLens(); earlier++) {
            require(
                    lenses.get(earlier).trajectories().isComplete(),
                    "trajectories of lens %d came before those of lens %d were complete",
                    chunk.getLens(),
                    earlier);
        }
        lens.trajectories().add(chunk);
    }

    /** The attribution, which comes after all layers. */
    AttributionAssembler attribution() {
        require(head.header().getAttributedPartsCount() > 0, "an attribution came, but the header promised none");
        requireLayers("an attribution");
        requireInfo("an attribution");
        return attribution;
    }

    /** Requires all layers, and trajectories of all positions; gives the number of tracked tokens without one. */
    long finish(String what) {
        requireLayers(what);
        requireInfo(what);
        long missing = 0;
        if (head.header().getHasTrajectories()) {
            for (OfLens lens : lenses) {
                missing += lens.trajectories().finish();
            }
        }
        return missing;
    }

    List<LensColumns> lenses() {
        return lenses.stream()
                .map(each -> new LensColumns(
                        each.lens(),
                        each.layers().layers().stream().map(CellCodes::columns).toList(),
                        each.trajectories().tracked()))
                .toList();
    }

    /** How far it is, in words. */
    String state() {
        int came = lenses.stream().mapToInt(lens -> lens.layers().done()).sum();
        int all = lenses.stream().mapToInt(lens -> lens.layers().all()).sum();
        return came == all ? "all layers" : came + " of " + all + " layers";
    }

    private OfLens lens(int index) {
        require(index >= 0 && index < lenses.size(), "a chunk of lens %d of %d came", index, lenses.size());
        return lenses.get(index);
    }

    private void requireLayers(String what) {
        for (OfLens lens : lenses) {
            if (!lens.layers().isComplete()) {
                throw BrokenStream.error(what + " came where " + lens.layers().expected() + " was expected");
            }
        }
    }
}
