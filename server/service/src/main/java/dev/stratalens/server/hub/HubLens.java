package dev.stratalens.server.hub;

import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.ModelSourceException.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fitted lens in a repository of the hub: a file, or a directory of tuned-lens. Written {@code hf:ORG/NAME@REVISION:PATH}, and
 * {@code hf:spaces/ORG/NAME@REVISION:PATH} for a space.
 *
 * @param repository that holds it, at a revision
 * @param path in the repository, without a slash at its ends
 */
public record HubLens(HubModel repository, String path) {

    /** What a text must look like, for messages. */
    public static final String SYNTAX = "hf:[spaces/]ORG/NAME[@REVISION]:PATH";

    private static final String SEGMENT = "[A-Za-z0-9_][A-Za-z0-9._+-]*";
    private static final Pattern TEXT = Pattern.compile(
            HubModel.SCHEME + "(spaces/)?([^/@:]+/[^/@:]+)(?:@([^:]+))?:(" + SEGMENT + "(?:/" + SEGMENT + ")*)/?");

    /** The files of a directory of tuned-lens. */
    private static final List<String> PARTS = List.of("config.json", "params.pt");

    /** The lens that a text means; empty if it is malformed. */
    public static Optional<HubLens> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        try {
            return parts.matches()
                    ? Optional.of(new HubLens(
                            new HubModel(
                                    parts.group(2),
                                    parts.group(3) == null ? HubModel.DEFAULT_REVISION : parts.group(3),
                                    parts.group(1) == null ? HubModel.Kind.MODEL : HubModel.Kind.SPACE),
                            parts.group(4)))
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /**
     * The files to download.
     *
     * @param present the names that the repository has
     * @throws ModelSourceException if it has neither the file nor the directory
     */
    List<String> files(Collection<String> present) {
        if (present.contains(path)) {
            return List.of(path);
        }
        List<String> parts = PARTS.stream().map(part -> path + "/" + part).toList();
        if (present.containsAll(parts)) {
            return parts;
        }
        throw new ModelSourceException(
                Problem.UNUSABLE,
                "%s has no file %s, and no directory of this name with %s. Check the spelling."
                        .formatted(repository, path, String.join(" and ", parts)));
    }

    /** Whether a place in a snapshot has all of a lens. */
    static boolean isComplete(Path place) {
        return Files.isRegularFile(place) || PARTS.stream().allMatch(part -> Files.isRegularFile(place.resolve(part)));
    }

    @Override
    public String toString() {
        return repository + ":" + path;
    }
}
