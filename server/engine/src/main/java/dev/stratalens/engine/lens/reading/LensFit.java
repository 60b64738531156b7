package dev.stratalens.engine.lens.reading;

import dev.stratalens.engine.checkpoint.TensorFingerprint;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.transport.FittedLens;
import dev.stratalens.engine.lens.transport.LensOrigin;
import dev.stratalens.engine.lens.transport.NamedLens;
import dev.stratalens.engine.model.CausalLanguageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks that fitted lenses are for a model, as far as their files say for which one they are. */
public final class LensFit {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** Hashes the matrix as NumPy prints it: rounded to a digit, and shortened. So its hash is not that of the numbers. */
    private static final String HASHES_PRINT = "tuned-lens";

    private final CausalLanguageModel model;
    private final String revision;

    /** @param revision commit of the model's checkpoint; empty if it is not known */
    public LensFit(CausalLanguageModel model, String revision) {
        this.model = model;
        this.revision = revision;
    }

    /**
     * The lens with warnings.
     *
     * @throws InvalidCheckpointException if it is for another model; the message names the lens and the difference
     */
    public NamedLens checked(String name, FittedLens lens) {
        int width = model.architecture().extents().hidden();
        int blocks = model.architecture().extents().blocks();
        if (lens.width() != width) {
            throw other(name, "its maps are %d wide, but the model has rows of %d".formatted(lens.width(), width));
        }
        ReadPoint deepest = lens.maps().lastKey();
        if (deepest.block() >= blocks) {
            throw other(
                    name,
                    "it has a map for layer %d, but the model's last layer is %d"
                            .formatted(deepest.block(), blocks - 1));
        }
        LensOrigin origin = lens.origin();
        if (COMMIT.matcher(origin.revision()).matches()
                && COMMIT.matcher(revision).matches()
                && !origin.revision().equals(revision)) {
            throw other(
                    name,
                    "it was fitted for the revision %s, but the model is %s".formatted(origin.revision(), revision));
        }
        return new NamedLens(name, lens, warnings(name, origin), TensorFingerprint.of(lens.tensors()));
    }

    private List<String> warnings(String name, LensOrigin origin) {
        var warnings = new ArrayList<String>();
        boolean comparable =
                !origin.unembeddingHash().isEmpty() && !origin.fittedBy().equals(HASHES_PRINT);
        Optional<String> hash = comparable ? model.unembeddingHash() : Optional.empty();
        if (hash.isPresent()) {
            if (!hash.get().equals(origin.unembeddingHash())) {
                throw other(
                        name,
                        "it was fitted for an unembedding with the SHA-256 %s, but that of the model is %s"
                                .formatted(origin.unembeddingHash(), hash.get()));
            }
        } else if (origin.model().isEmpty()) {
            warnings.add(
                    "The file of the lens %s does not say for which model it was fitted; only width and layers were checked."
                            .formatted(name));
        }
        return warnings;
    }

    private static InvalidCheckpointException other(String name, String what) {
        return InvalidCheckpointException.of(
                Problem.TENSORS,
                "The lens %s".formatted(name),
                "does not fit this model: %s. Give a lens that was fitted for this model".formatted(what));
    }
}
