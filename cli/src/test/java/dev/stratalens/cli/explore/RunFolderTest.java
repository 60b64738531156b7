package dev.stratalens.cli.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.explore.form.ChangeForm;
import dev.stratalens.cli.explore.form.PromptForm;
import dev.stratalens.cli.explore.form.RunForm;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs as files. */
class RunFolderTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-29T07:30:00Z"), ZoneOffset.UTC);
    private static final LensResult RESULT = KeptResultsTest.read();

    @TempDir
    Path parent;

    @Test
    void runsOfOneMomentHaveFilesOfTheirOwnThatOnlyTheirOwnerReads() throws IOException {
        RunFolder folder = folder();
        assertEquals(List.of(), folder.list());
        String one = folder.keep(ended(form("Hello, world!")));
        String other = folder.keep(ended(form("Hello, world!")));
        assertTrue(one.endsWith("-hello-world"), one);
        assertNotEquals(one, other);
        assertEquals(Optional.of(RESULT.tokens()), folder.find(one).map(LensResult::tokens));
        assertEquals(PosixFilePermissions.fromString("rwx------"), Files.getPosixFilePermissions(folder.path()));
        try (var files = Files.list(folder.path())) {
            assertEquals(4, files.count(), "nothing else is left");
        }
    }

    @Test
    void aRunThatCannotBeWrittenLeavesNothing() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThrows(IOException.class, () -> new RunFolder(file.resolve("below"), CLOCK).keep(ended(form("x"))));
        assertEquals(List.of(), new RunFolder(file.resolve("below"), CLOCK).list());
    }

    @Test
    void theNewestIsFirstAndWhatSomebodyPutThereIsListed() throws IOException {
        RunFolder folder = folder();
        String kept = folder.keep(ended(form("東京")));
        Path copied =
                Files.copy(folder.path().resolve(kept + ".json"), folder.path().resolve("a copy.json"));
        Files.setLastModifiedTime(copied, FileTime.from(Instant.now().plusSeconds(60)));
        Files.writeString(folder.path().resolve("notes.txt"), "not a run");
        Files.writeString(folder.path().resolve(".hidden.json"), "{}");
        Files.writeString(folder.path().resolve(kept + ".run"), "broken");
        assertEquals(
                List.of("a copy", kept),
                folder.list().stream().map(RunFolder.Run::id).toList());
        assertTrue(folder.find("a copy").isPresent());
        Files.writeString(copied, "{");
        assertThrows(LensFileException.class, () -> folder.find("a copy"));
        folder.delete("a copy");
        assertEquals(1, folder.list().size());
    }

    @Test
    void filesThatAreNoTextLeaveTheOtherRuns() throws IOException {
        RunFolder folder = folder();
        String kept = folder.keep(ended(form("x")));
        Files.write(folder.path().resolve(kept + ".run"), new byte[] {(byte) 0xFF});
        Files.createDirectory(folder.path().resolve("a folder.run"));
        assertEquals(
                List.of(kept), folder.list().stream().map(RunFolder.Run::id).toList());
    }

    @Test
    void aNameThatCannotBeWrittenLeavesNothing() throws IOException {
        RunFolder folder = folder();
        String kept = folder.keep(ended(form("x")));
        Files.delete(folder.path().resolve(kept + ".run"));
        Files.createDirectories(folder.path().resolve(kept + ".run").resolve("not empty"));
        assertThrows(IOException.class, () -> folder.call(kept, "a name", ""));
        try (var files = Files.list(folder.path())) {
            assertEquals(2, files.count(), "nothing else is left");
        }
    }

    @Test
    void namesAndNotesComeAndGo() throws IOException {
        RunFolder folder = folder();
        String kept = folder.keep(ended(form("x")));
        folder.call(kept, "first", "a note");
        RunFolder.About about = folder.list().get(0).about();
        assertEquals("first", about.name());
        assertEquals("a note", about.note());
        assertEquals(RESULT.model().name(), about.model());
        folder.call(kept, " ", "");
        assertEquals(null, folder.list().get(0).about().name());
        assertThrows(BadRequest.class, () -> folder.call("other", "x", ""));
    }

    @Test
    void aChangedPassIsKeptAsWhatWasAskedAndKeepsItsTimeWhenItIsNamed() throws IOException {
        RunFolder folder = folder();
        ChangeForm change = new ChangeForm(2, 4, null, new ChangeForm.Steering(" Rome", 1.5));
        String kept = folder.keep(ended(form("x", change)));
        RunFolder.Run run = folder.list().get(0);
        assertEquals(kept, run.id());
        assertEquals(change, Objects.requireNonNull(run.about().form()).change());
        assertEquals(Optional.empty(), folder.find(kept), "a file of it would look like the model's own pass");
        Files.setLastModifiedTime(folder.path().resolve(kept + ".run"), FileTime.from(CLOCK.instant()));
        folder.call(kept, "steered", "");
        assertEquals("steered", folder.list().get(0).about().name());
        assertEquals(CLOCK.instant(), folder.list().get(0).at());
        folder.delete(kept);
        assertEquals(List.of(), folder.list());
    }

    @Test
    void theHomeFolderIsShownShort() {
        Path home = Path.of("/home/ada");
        assertEquals("~/runs/old", FolderQuestions.shown(home.resolve("runs/old"), home));
        assertEquals("/home/adam/runs", FolderQuestions.shown(Path.of("/home/adam/runs"), home));
        assertEquals("/home/ada", FolderQuestions.shown(home, home));
    }

    private RunFolder folder() {
        return new RunFolder(parent.resolve("history"), CLOCK);
    }

    private static RunEnd ended(RunForm form) {
        return new RunEnd(form, RESULT, Optional.empty());
    }

    private static RunForm form(String text) {
        return form(text, null);
    }

    private static RunForm form(String text, @Nullable ChangeForm change) {
        return new RunForm(
                new PromptForm("", text, false, null, null, null),
                null,
                null,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                change);
    }
}
