package dev.stratalens.server.hub;

import dev.stratalens.server.hub.CachedModel.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What goes when revisions of a repository are removed from the cache: what nothing else there links to. */
public final class CacheRemoval {

    private final CachedModel model;
    private final List<Revision> revisions;
    private final Set<Path> blobs;
    private final boolean isWhole;

    private CacheRemoval(CachedModel model, List<Revision> revisions, Set<Path> blobs) {
        this.model = model;
        this.revisions = List.copyOf(revisions);
        this.blobs = Set.copyOf(blobs);
        this.isWhole = revisions.size() == model.revisions().size();
    }

    /**
     * Looks, and removes nothing yet.
     *
     * @param revisions of the model
     * @throws IOException if the cache cannot be read
     */
    public static CacheRemoval of(CachedModel model, List<Revision> revisions) throws IOException {
        Set<Path> blobs = new HashSet<>();
        for (Revision revision : revisions) {
            blobs.addAll(linked(model, revision));
        }
        for (Revision kept : model.revisions()) {
            if (!revisions.contains(kept)) {
                blobs.removeAll(linked(model, kept));
            }
        }
        return new CacheRemoval(model, revisions, blobs);
    }

    /** What is removed. */
    public List<Revision> revisions() {
        return revisions;
    }

    /** Bytes that come free. */
    public long bytes() throws IOException {
        long bytes = 0;
        for (Path blob : blobs) {
            bytes += Files.exists(blob) ? Files.size(blob) : 0;
        }
        return bytes;
    }

    /** Removes; names go before what they mean, so that nothing is left half there. */
    public void run() throws IOException {
        for (Revision revision : revisions) {
            for (String ref : revision.refs()) {
                Files.deleteIfExists(model.folder().resolve("refs").resolve(ref));
            }
            deleteTree(revision.directory());
        }
        if (isWhole) {
            // With what was begun and never finished.
            deleteTree(model.folder());
            return;
        }
        for (Path blob : blobs) {
            Files.deleteIfExists(blob);
        }
    }

    /** The blobs of this repository that a snapshot links to; never a file outside of it. */
    private static Set<Path> linked(CachedModel model, Revision revision) throws IOException {
        Set<Path> linked = new HashSet<>();
        for (Path file : tree(revision.directory())) {
            if (Files.isSymbolicLink(file)) {
                Path target = file.resolveSibling(Files.readSymbolicLink(file)).normalize();
                if (target.startsWith(model.folder().resolve("blobs").normalize())) {
                    linked.add(target);
                }
            }
        }
        return linked;
    }

    private static void deleteTree(Path root) throws IOException {
        for (Path path : tree(root)) {
            Files.delete(path);
        }
    }

    /** Children before their parents; links are not followed. */
    private static List<Path> tree(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(root)) {
            List<Path> tree = new ArrayList<>(paths.toList());
            tree.sort(Comparator.reverseOrder());
            return tree;
        }
    }
}
