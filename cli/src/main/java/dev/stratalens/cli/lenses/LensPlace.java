package dev.stratalens.cli.lenses;

import dev.stratalens.cli.connect.DownloadProgress;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.server.hub.HubLens;
import dev.stratalens.server.hub.HubModel;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a lens is called on a command line: a file or directory, {@code hf:…}, or the name of a published lens. */
final class LensPlace {

    static final String DESCRIPTION =
            "A lens file or directory of this machine, " + HubLens.SYNTAX + ", or a name that `lens list` shows.";

    private LensPlace() {}

    /**
     * The lens of the hub that a text means.
     *
     * @throws CliException if there is none
     */
    static HubLens ofHub(String text) {
        if (text.startsWith(HubModel.SCHEME)) {
            return HubLens.parse(text)
                    .orElseThrow(() -> CliException.usage(
                            "\"%s\" is not a lens of the hub. Write %s.".formatted(text, HubLens.SYNTAX)));
        }
        return PublishedLens.named(text)
                .map(PublishedLens::place)
                .orElseThrow(() -> CliException.usage(
                        "no published lens is called \"%s\". `lens list` shows those that are known; or write %s."
                                .formatted(text, HubLens.SYNTAX)));
    }

    /** The file or directory that a text means; downloaded unless the user's cache has it. */
    static Path locate(String text, Installation installation, ProgressLine progress) {
        boolean here = !text.startsWith(HubModel.SCHEME) && Files.exists(Path.of(text));
        return here ? Path.of(text) : installation.hub().locate(ofHub(text), new DownloadProgress(progress));
    }
}
