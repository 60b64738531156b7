package dev.stratalens.engine.lens.transport;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.lens.plan.ReadPoint;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a Jacobian lens: a matrix J for the <i>output</i> of each block that it knows, by the block's number from 0; the lens is
 * {@code J h}. Two forms are known. In that of the reference code and most published files, the keys are {@code J}, {@code n_prompts},
 * {@code source_layers} and {@code d_model}. The other one has {@code parameters.jacobians}, {@code source_layers} and {@code config}.
 * Sources: {@code anthropics/jacobian-lens}, {@code safety-research/jpp_lens}.
 */
final class JacobianFile {

    private static final String MATRICES = "J";
    private static final String LAYERS = "source_layers";
    private static final String WIDTH = "d_model";
    private static final String PARAMETERS = "parameters";
    /** A sum over prompts instead of a mean: fitting goes on from there. */
    private static final String SUM = "jacobian_sum";

    /** Positions that the reference leaves out. Files do not say. */
    private static final int SKIPPED = 16;

    private JacobianFile() {}

    static FittedLens read(Path file) {
        SavedValues saved = SavedValues.read(file);
        if (saved.has(SUM)) {
            throw InvalidCheckpointException.of(
                    Problem.TENSORS,
                    file,
                    ("is a checkpoint of a fit that is not done: it has sums over %d prompts, no means. "
                                    + "Finish the fit, and give the lens that it writes")
                            .formatted(saved.integerOrZero("n_done")));
        }
        if (saved.has(MATRICES)) {
            return lens(saved, saved.dictionary(MATRICES), reference(saved));
        }
        if (saved.has(PARAMETERS)) {
            return lens(saved, saved.dictionary(PARAMETERS).dictionary("jacobians"), clustered(saved));
        }
        throw InvalidCheckpointException.of(
                Problem.TENSORS, file, "is no Jacobian lens: it has the keys %s".formatted(saved.keys()));
    }

    private static LensOrigin reference(SavedValues saved) {
        saved.optionalDictionary("provenance").ifPresent(JacobianFile::requireBlockOutputs);
        return new LensOrigin("jacobian-lens", "", "", "", saved.integer("n_prompts"), SKIPPED);
    }

    /** Other places have the same form, and would give numbers that mean nothing. */
    private static void requireBlockOutputs(SavedValues provenance) {
        String place = provenance.textOrEmpty("capture_point");
        if (!place.isEmpty() && !place.equals("block_output")) {
            throw provenance.fault(
                    "capture_point", "is \"%s\"; only lenses for block_output are read".formatted(place));
        }
        String streams = provenance.textOrEmpty("stream_reduce");
        if (!streams.isEmpty() && !streams.equals("none")) {
            throw provenance.fault(
                    "stream_reduce", "is \"%s\"; only models with one stream are read".formatted(streams));
        }
    }

    private static LensOrigin clustered(SavedValues saved) {
        SavedValues config = saved.dictionary("config");
        return new LensOrigin(
                "jpp-lens",
                config.textOrEmpty("hf_model_name"),
                "",
                "",
                config.integerOrZero("num_prompts_trained_on"),
                config.integerOrZero("skip_first_n_positions"));
    }

    private static FittedLens lens(SavedValues saved, SavedValues matrices, LensOrigin origin) {
        var maps = new TreeMap<ReadPoint, AffineMap>();
        Set<Object> layers = new HashSet<>();
        for (Object layer : saved.list(LAYERS)) {
            if (!(layer instanceof Long block) || block < 0 || block > Integer.MAX_VALUE) {
                throw saved.fault(LAYERS, "has an entry that is no number of a block");
            }
            layers.add(block);
        }
        if (!layers.equals(matrices.keys())) {
            throw saved.fault(LAYERS, "names other blocks than there are matrices");
        }
        for (Object layer : layers) {
            maps.put(
                    ReadPoint.layer(((Long) layer).intValue()),
                    new AffineMap(matrices.tensor(layer), Optional.empty()));
        }
        if (maps.isEmpty()) {
            throw saved.fault(LAYERS, "is empty");
        }
        FittedLens lens = FittedLens.of(MapForm.PLAIN, maps, origin);
        if (saved.has(WIDTH) && saved.integer(WIDTH) != lens.width()) {
            throw saved.fault(
                    WIDTH, "is %d, but the matrices have %d rows".formatted(saved.integer(WIDTH), lens.width()));
        }
        return lens;
    }
}
