package dev.stratalens.report.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Thrown if a file is not valid. The message gives the place in the file, the expected and the found value. */
public final class LensFileException extends IOException {

    private static final long serialVersionUID = 1;

    /** An error. */
    public LensFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
