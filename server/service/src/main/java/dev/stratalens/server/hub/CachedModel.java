package dev.stratalens.server.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A repository in the cache.
 *
 * @param repository {@code org/name}
 * @param folder all that the cache has of it
 * @param revisions its snapshots, in order of commit
 */
public record CachedModel(String repository, Path folder, List<Revision> revisions) {

    /**
     * A snapshot.
     *
     * @param commit 40 hexadecimal digits
     * @param refs branches and tags that mean it, in order
     * @param directory holds the files, as links
     * @param complete whether all is there that is needed to load the model
     * @param bytes size of the files that it links to, each once
     */
    public record Revision(String commit, List<String> refs, Path directory, boolean complete, long bytes) {
        /** Copies the list. */
        public Revision {
            refs = List.copyOf(refs);
        }
    }

    /** Copies the list. */
    public CachedModel {
        revisions = List.copyOf(revisions);
    }

    /** Size of the files that any revision links to, each once. */
    public long bytes() {
        return bytes(revisions.stream().map(Revision::directory).toList());
    }

    static CachedModel read(String repository, Path folder) {
        Map<String, List<String>> refs = refs(folder.resolve("refs"));
        List<Revision> revisions = new ArrayList<>();
        for (Path directory : HubCache.children(folder.resolve("snapshots"))) {
            String commit = directory.getFileName().toString();
            if (commit.matches("[0-9a-f]{40}") && Files.isDirectory(directory)) {
                boolean complete = ModelFiles.areComplete(new HubModel(repository, commit), directory);
                revisions.add(new Revision(
                        commit, refs.getOrDefault(commit, List.of()), directory, complete, bytes(List.of(directory))));
            }
        }
        return new CachedModel(repository, folder, revisions);
    }

    /** The blobs that snapshots link to. */
    static Set<Path> blobs(List<Path> directories) throws IOException {
        Set<Path> blobs = new HashSet<>();
        for (Path directory : directories) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    blobs.add(file.toRealPath());
                }
            }
        }
        return blobs;
    }

    private static long bytes(List<Path> directories) {
        try {
            long bytes = 0;
            for (Path blob : blobs(directories)) {
                bytes += Files.size(blob);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Branches and tags by the commit that they mean. */
    private static Map<String, List<String>> refs(Path directory) {
        Map<String, List<String>> refs = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return refs;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .forEach(file -> HubCache.readRef(file)
                            .ifPresent(commit -> refs.computeIfAbsent(commit, none -> new ArrayList<>())
                                    .add(directory.relativize(file).toString())));
            return refs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
