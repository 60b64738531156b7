package dev.stratalens.server.hub;

import java.nio.file.Path;

/** Where a model's files are, or come to be. Thread-safe. */
@FunctionalInterface
public interface ModelLocation {

    /**
     * The checkpoint directory or file, once all of it is on this machine.
     *
     * @param listener follows a download, if there is one
     * @throws dev.stratalens.server.error.ModelSourceException if the files are not available
     */
    Path locate(DownloadListener listener);
}
