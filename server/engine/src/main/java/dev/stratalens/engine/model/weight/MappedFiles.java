package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files whose pages are weights, as they were when they were mapped. Whoever reads a page that is no longer in its file ends the
 * process; and other numbers in a file are other weights. A file that is deleted, or replaced by renaming another one, stays what it
 * was for those who mapped it.
 */
public final class MappedFiles {

    private record State(@Nullable Object key, long size, FileTime modified) {

        static State of(Path file) throws IOException {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
        }

        boolean isChanged(State now) {
            return Objects.equals(key, now.key) && !equals(now);
        }
    }

    private record Mapped(Path file, State state) {}

    private final List<Mapped> files;

    private MappedFiles(List<Mapped> files) {
        this.files = files;
    }

    /** The files of tensors; to be called before they are mapped. */
    public static MappedFiles of(Collection<TensorInfo> tensors) {
        return new MappedFiles(tensors.stream()
                .filter(tensor -> tensor.decoding().isEmpty())
                .map(TensorInfo::file)
                .distinct()
                .map(MappedFiles::mapped)
                .toList());
    }

    private static Mapped mapped(Path file) {
        try {
            return new Mapped(file, State.of(file));
        } catch (IOException e) {
            throw InvalidCheckpointException.unreadable(Problem.MISSING_FILE, file, e);
        }
    }

    /**
     * To be called before weights are read.
     *
     * @throws InvalidCheckpointException if one was written to since; it names the file
     */
    public void requireUnchanged() {
        for (Mapped mapped : files) {
            State now;
            try {
                now = State.of(mapped.file);
            } catch (IOException deleted) {
                continue;
            }
            if (mapped.state.isChanged(now)) {
                throw InvalidCheckpointException.of(
                        now.size < mapped.state.size ? Problem.TRUNCATED : Problem.CORRUPT,
                        mapped.file,
                        "was written to while the model uses it. Load the model again, and replace files by renaming others over them");
            }
        }
    }
}
