package dev.stratalens.cli.explore;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.stratalens.cli.explore.form.RunForm;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensFileException;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finished runs as files of a folder, which its owner may look at, copy to and delete from at any time. A run is {@code
 * ID.json}, a result as {@code analyze --format json} writes it, and {@code ID.run}, what the reader says of it. A changed pass has
 * only the latter, which tells how to compute it again: a file of a result has one pass, and a changed one would be taken for the
 * model's own. Thread-safe.
 */
final class RunFolder {

    /** More would be no help in a list. */
    private static final int LISTED = 500;

    private static final int LONGEST_WORDS = 40;
    private static final String RESULT = ".json";
    private static final String ABOUT = ".run";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT);
    private static final Gson GSON = new Gson();

    private final Path folder;
    private final Clock clock;

    /**
     * What is known of a run without its result. Texts are absent if there are none.
     *
     * @param name given by the reader
     * @param note likewise
     * @param form what was asked
     * @param model that computed it
     * @param tokens of the prompt and of what the model wrote
     * @param written how many of them the model wrote
     * @param ended whether the last of those is a token that ends texts
     */
    record About(
            @Nullable String name,
            @Nullable String note,
            @Nullable RunForm form,
            @Nullable String model,
            int tokens,
            int written,
            boolean ended) {

        static final About NOTHING = new About(null, null, null, null, 0, 0, false);

        static About of(RunEnd end) {
            LensResult result = end.result();
            int tokens = result.tokens().size();
            return new About(
                    null, null, end.form(), result.model().name(), tokens, end.written(), end.isEndedByModel());
        }

        boolean isChangedPass() {
            return form != null && form.change() != null;
        }

        About called(@Nullable String newName, @Nullable String newNote) {
            return new About(newName, newNote, form, model, tokens, written, ended);
        }
    }

    /**
     * A run of the folder.
     *
     * @param id the name of its files, without their endings
     * @param at when its result was written
     */
    record Run(String id, Instant at, About about) {}

    RunFolder(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    Path path() {
        return folder;
    }

    /** Writes a finished run, and returns its id. Whole or not at all. */
    String keep(RunEnd end) throws IOException {
        open();
        String id = reserve(end.form());
        try {
            About about = About.of(end);
            about(id, about);
            if (!about.isChangedPass()) {
                write(id, RESULT, out -> LensJson.write(end.result(), out));
            }
        } catch (IOException | RuntimeException e) {
            delete(id);
            throw e;
        }
        return id;
    }

    private interface Content {
        void write(Writer out) throws IOException;
    }

    /** Writes a file of a run; fails with nothing left but what was there. */
    private void write(String id, String ending, Content content) throws IOException {
        Path written = Files.createTempFile(folder, ".writing", ending);
        try {
            try (Writer out = Files.newBufferedWriter(written)) {
                content.write(out);
            }
            Files.move(written, file(id, ending), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** The runs, newest first. A result that was put here by hand is one, too. */
    List<Run> list() throws IOException {
        List<Run> runs = new ArrayList<>();
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            for (String id : files.map(RunFolder::id).distinct().toList()) {
                run(id).ifPresent(runs::add);
            }
        } catch (NoSuchFileException e) {
            return list(); // deleted meanwhile
        }
        runs.sort(Comparator.comparing(Run::at).thenComparing(Run::id).reversed());
        return runs.subList(0, Math.min(LISTED, runs.size()));
    }

    /** The result of a run; empty if there is none.
     *
     * @throws LensFileException if the file is no result */
    Optional<LensResult> find(String id) throws IOException {
        if (!isId(id) || !Files.isRegularFile(file(id, RESULT))) {
            return Optional.empty();
        }
        try (Reader in = Files.newBufferedReader(file(id, RESULT))) {
            return Optional.of(LensJson.read(in));
        }
    }

    /** Gives a run a name and a note; empty texts take them away.
     *
     * @throws BadRequest if there is no such run */
    void call(String id, String name, String note) throws IOException {
        Run run = run(id).orElseThrow(() -> new BadRequest(404, "There is no run %s in %s.".formatted(id, folder)));
        about(id, run.about().called(name.isBlank() ? null : name, note.isBlank() ? null : note));
        // A changed pass has no other file to tell its time.
        Files.setLastModifiedTime(file(id, ABOUT), FileTime.from(run.at()));
    }

    /** Deletes the files of a run, if there are any. */
    void delete(String id) throws IOException {
        if (isId(id)) {
            Files.deleteIfExists(file(id, RESULT));
            Files.deleteIfExists(file(id, ABOUT));
        }
    }

    /** Prompts are nobody else's business. */
    private void open() throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** An id of its own, from the time and the words of the prompt: others may write here at the same time. */
    private String reserve(RunForm form) throws IOException {
        String begun = TIME.format(clock.instant().atZone(ZoneId.systemDefault())) + words(form);
        for (int again = 1; ; again++) {
            String id = again == 1 ? begun : begun + "-" + again;
            try {
                Files.createFile(file(id, ABOUT));
                return id;
            } catch (FileAlreadyExistsException e) {
                // the next number
            }
        }
    }

    private static String words(RunForm form) {
        String text = form.prompt() == null ? "" : String.valueOf(form.prompt().text());
        String words = text.toLowerCase(Locale.ROOT)
                .substring(0, Math.min(text.length(), 4 * LONGEST_WORDS))
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        return words.isEmpty() ? "" : "-" + words.substring(0, Math.min(words.length(), LONGEST_WORDS));
    }

    /** Nothing if there is no such file, or it is none of ours. */
    private About about(String id) throws IOException {
        Path file = file(id, ABOUT);
        try {
            About about = Files.isRegularFile(file) ? GSON.fromJson(Files.readString(file), About.class) : null;
            return about == null ? About.NOTHING : about;
        } catch (NoSuchFileException | CharacterCodingException | JsonParseException e) {
            return About.NOTHING;
        }
    }

    private void about(String id, About about) throws IOException {
        write(id, ABOUT, out -> GSON.toJson(about, out));
    }

    private Path file(String id, String ending) {
        return folder.resolve(id + ending);
    }

    /** The run of an id, which has a result, or what was asked for a changed pass. Empty if there is none. */
    private Optional<Run> run(String id) throws IOException {
        if (!isId(id)) {
            return Optional.empty();
        }
        About about = about(id);
        boolean hasResult = Files.isRegularFile(file(id, RESULT));
        return hasResult || about.isChangedPass()
                ? Optional.of(new Run(
                        id,
                        Files.getLastModifiedTime(file(id, hasResult ? RESULT : ABOUT))
                                .toInstant(),
                        about))
                : Optional.empty();
    }

    /** The name of a file without its ending. */
    private static String id(Path file) {
        return file.getFileName().toString().replaceFirst("\\.(json|run)$", "");
    }

    /** The name of a file of this folder that is not hidden. */
    private static boolean isId(String id) {
        return id.matches("[^./\\\\\\p{Cntrl}][^/\\\\\\p{Cntrl}]{0,199}");
    }
}
