package dev.stratalens.server.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository of the hub at a revision, written {@code hf:org/name} or {@code hf:org/name@revision}.
 *
 * @param repository {@code org/name}, or a name alone for the oldest models
 * @param revision branch, tag or commit
 * @param kind of the repository
 */
public record HubModel(String repository, String revision, Kind kind) {

    /** Kinds of repositories. */
    public enum Kind {
        /** Of models. */
        MODEL("models", ""),
        /** Of programs; some lenses are in one. */
        SPACE("spaces", "spaces/");

        private final String plural;
        private final String path;

        Kind(String plural, String path) {
            this.plural = plural;
            this.path = path;
        }

        /** Its name in addresses of the hub's interface and in the cache. */
        String plural() {
            return plural;
        }

        /** What stands before a repository in the address of its files, and in texts. */
        String path() {
            return path;
        }
    }

    /** What every such text begins with. */
    public static final String SCHEME = "hf:";

    /** What a text must look like, for messages. */
    public static final String SYNTAX = "hf:ORG/NAME[@REVISION]";

    static final String DEFAULT_REVISION = "main";
    private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9._-]{0,95}";
    private static final Pattern REPOSITORY = Pattern.compile(NAME + "(/" + NAME + ")?");
    /** A revision becomes a path in the cache: none that leads out of it. */
    private static final Pattern REVISION =
            Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*");

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** A repository of models. */
    public HubModel(String repository, String revision) {
        this(repository, revision, Kind.MODEL);
    }

    /** Checks the texts. */
    public HubModel {
        // The cache writes the slash as two dashes.
        if (!REPOSITORY.matcher(repository).matches() || repository.contains("--") || repository.contains("..")) {
            throw new IllegalArgumentException(
                    "\"%s\" is not a repository of the hub, such as openai-community/gpt2.".formatted(repository));
        }
        if (!REVISION.matcher(revision).matches()) {
            throw new IllegalArgumentException(
                    "\"%s\" is not a revision: a branch, a tag or a commit.".formatted(revision));
        }
    }

    /** The model that a text means; empty if the text does not begin with {@code hf:} or is malformed behind it. */
    public static Optional<HubModel> parse(String text) {
        if (!text.startsWith(SCHEME)) {
            return Optional.empty();
        }
        Matcher parts = Pattern.compile("([^@]*)(?:@(.*))?").matcher(text.substring(SCHEME.length()));
        try {
            return parts.matches()
                    ? Optional.of(
                            new HubModel(parts.group(1), parts.group(2) == null ? DEFAULT_REVISION : parts.group(2)))
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** The last part of the repository, to serve the model under. */
    public String name() {
        return repository.substring(repository.lastIndexOf('/') + 1);
    }

    /** Whether the revision is a full commit, which never changes. */
    public boolean isPinned() {
        return COMMIT.matcher(revision).matches();
    }

    @Override
    public String toString() {
        return SCHEME + kind.path() + repository + (revision.equals(DEFAULT_REVISION) ? "" : "@" + revision);
    }
}
