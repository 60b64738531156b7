package dev.stratalens.server.hub;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The cache that Hugging Face's tools share on a machine: {@code models--org--name/} with {@code blobs/} named by their
 * hash, {@code snapshots/COMMIT/} of links to them, and {@code refs/} from branches and tags to commits. Thread-safe, and
 * so between processes.
 */
public final class HubCache {

    private static final String PREFIX = prefix(HubModel.Kind.MODEL);
    private static final String SEPARATOR = "--";
    private static final String REFS = "refs";
    private static final String BLOBS = "blobs";
    private static final String SNAPSHOTS = "snapshots";

    private final Path root;

    /** @param root holds a folder for each repository; need not exist */
    public HubCache(Path root) {
        this.root = root;
    }

    /** Holds a folder for each repository. */
    public Path root() {
        return root;
    }

    /** The directory of a model that is here with all that is needed to load it. */
    public Optional<Path> find(HubModel model) {
        return commit(model)
                .map(commit -> snapshot(model, commit))
                .filter(directory -> ModelFiles.areComplete(model, directory));
    }

    /** The file or directory of a lens that is here. */
    public Optional<Path> find(HubLens lens) {
        return commit(lens.repository())
                .map(commit -> snapshot(lens.repository(), commit).resolve(lens.path()))
                .filter(HubLens::isComplete);
    }

    /** Every repository that has a snapshot here, in order of name; complete or not. */
    public List<CachedModel> models() {
        List<CachedModel> models = new ArrayList<>();
        for (Path folder : children(root)) {
            String name = folder.getFileName().toString();
            if (name.startsWith(PREFIX)) {
                String repository = name.substring(PREFIX.length()).replace(SEPARATOR, "/");
                HubModel.parse(HubModel.SCHEME + repository)
                        .map(model -> CachedModel.read(model.repository(), folder))
                        .filter(model -> !model.revisions().isEmpty())
                        .ifPresent(models::add);
            }
        }
        return List.copyOf(models);
    }

    private static String prefix(HubModel.Kind kind) {
        return kind.plural() + SEPARATOR;
    }

    Path folder(HubModel model) {
        return root.resolve(prefix(model.kind()) + model.repository().replace("/", SEPARATOR));
    }

    Path snapshot(HubModel model, String commit) {
        return folder(model).resolve(SNAPSHOTS).resolve(commit);
    }

    Path blob(HubModel model, ContentHash hash) {
        return folder(model).resolve(BLOBS).resolve(hash.hex());
    }

    Path lock(HubModel model, ContentHash hash) {
        return locks(model).resolve(hash.hex() + ".lock");
    }

    private Path locks(HubModel model) {
        return root.resolve(".locks").resolve(folder(model).getFileName());
    }

    /** Makes the folders into which a snapshot is written. */
    void prepare(HubModel model, Path snapshot) throws IOException {
        Files.createDirectories(snapshot);
        Files.createDirectories(folder(model).resolve(BLOBS));
        Files.createDirectories(locks(model));
    }

    /** Lets a file of a snapshot mean a blob. */
    static void link(Path snapshot, String file, Path blob) throws IOException {
        Path name = snapshot.resolve(file);
        if (Files.exists(name)) {
            return;
        }
        // A link to a blob that is gone.
        Files.deleteIfExists(name);
        try {
            // Relative, so that the cache can be moved.
            Path folder = requireNonNull(name.getParent());
            Files.createDirectories(folder);
            Files.createSymbolicLink(name, folder.relativize(blob));
        } catch (FileAlreadyExistsException linkedMeanwhile) {
            // By another process, to the same blob: the snapshot's commit fixes the content.
        }
    }

    /** Lets the model's branch or tag mean a commit. */
    void point(HubModel model, String commit) throws IOException {
        if (model.isPinned()) {
            return;
        }
        Path ref = folder(model).resolve(REFS).resolve(model.revision());
        Files.createDirectories(ref.getParent());
        Path fresh = ref.resolveSibling(ref.getFileName() + "." + UUID.randomUUID() + ".tmp");
        Files.writeString(fresh, commit);
        Files.move(fresh, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Optional<String> commit(HubModel model) {
        if (model.isPinned()) {
            return Optional.of(model.revision());
        }
        return readRef(folder(model).resolve(REFS).resolve(model.revision()));
    }

    static Optional<String> readRef(Path ref) {
        try {
            return Optional.of(Files.readString(ref, StandardCharsets.UTF_8).strip())
                    .filter(commit -> commit.matches("[0-9a-f]{40}"));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    /** What a directory holds, in order of name; nothing if there is none. */
    static List<Path> children(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
