package dev.stratalens.engine.lens.transport;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens a fitted lens of any form that is read. */
public final class LensFiles {

    private LensFiles() {}

    /**
     * Reads what a lens says of itself, and where its numbers are; the numbers are not read.
     *
     * @param place a directory of tuned-lens, a {@code .pt} file with Jacobians, an {@code .npz} file of mlxterp, or a
     *     {@code .safetensors} file of {@link LensFile}
     * @throws InvalidCheckpointException if it is missing, damaged, or of a form that is not read
     */
    public static FittedLens read(Path place) {
        if (Files.isDirectory(place)) {
            return TunedLensDirectory.read(place);
        }
        String name = String.valueOf(place.getFileName());
        if (name.endsWith(".npz")) {
            return MlxterpFiles.read(place);
        }
        if (name.endsWith(".pt")) {
            return JacobianFile.read(place);
        }
        if (name.endsWith(".safetensors")) {
            return LensFile.read(place);
        }
        throw InvalidCheckpointException.of(
                Problem.MISSING_FILE,
                place,
                "is no lens that is read. Give a directory of tuned-lens, a .pt file with Jacobians, an .npz file of mlxterp, or a"
                        + " .safetensors file that `lens convert` has written");
    }
}
