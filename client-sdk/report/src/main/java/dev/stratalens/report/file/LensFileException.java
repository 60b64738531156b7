package dev.stratalens.report.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file that is not what it should be. The message names the place in the file, what is expected and what is there. */
public final class LensFileException extends IOException {

    private static final long serialVersionUID = 1;

    /** An error. */
    public LensFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
