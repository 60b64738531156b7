package dev.stratalens.server.access.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.access.Principal;
import dev.stratalens.server.access.Principal.Proof;
import dev.stratalens.server.error.UnauthenticatedException;
import dev.stratalens.server.error.UnauthenticatedException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApiKeyFileTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private Path path;
    private ApiKeyFile file;

    @BeforeEach
    void nameTheFile() {
        path = directory.resolve("keys.json");
        file = new ApiKeyFile(path);
    }

    @Test
    void aKeyIsKnownAgainAfterTheFileWasWritten() throws IOException {
        ApiKeyText key = add("ann", Optional.empty());
        add("bob", Optional.empty());

        assertEquals(new Principal("ann", Proof.API_KEY), file.read().principal(key.reveal(), NOW));
        assertTrue(key.reveal().matches("slk_[0-9a-f]{16}_[A-Za-z0-9_-]{43}"), key.toString());
        file.change(keys -> keys.without(key.id()));
        assertEquals(Problem.UNKNOWN, problem(key.reveal(), NOW));
    }

    @Test
    void theFileHoldsNoKeyAndIsForItsOwnerOnly() throws IOException {
        ApiKeyText key = add("ann", Optional.empty());

        assertFalse(Files.readString(path).contains(key.secret()));
        assertFalse(key.toString().contains(key.secret()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    void whoMightUseTheFileMayUseItAfterAChange() throws IOException {
        add("ann", Optional.empty());
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        giveAway(path);
        PosixFileAttributes before = Files.readAttributes(path, PosixFileAttributes.class);

        add("bob", Optional.empty());

        PosixFileAttributes after = Files.readAttributes(path, PosixFileAttributes.class);
        assertEquals(PosixFilePermissions.fromString("rw-r--r--"), after.permissions());
        assertEquals(before.group(), after.group());
        assertEquals(before.owner(), after.owner());
    }

    /** To somebody else, which only root may do. */
    private static void giveAway(Path path) throws IOException {
        var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        var names = path.getFileSystem().getUserPrincipalLookupService();
        if (view.getOwner().getName().equals("root")) {
            view.setOwner(names.lookupPrincipalByName("1234"));
            view.setGroup(names.lookupPrincipalByGroupName("1234"));
        }
    }

    @Test
    void equalKeysHaveDifferentHashes() {
        ApiKeyText key = ApiKeyText.random();

        assertNotEquals(
                ApiKey.of(key, "ann", NOW, Optional.empty()).hash(),
                ApiKey.of(key, "ann", NOW, Optional.empty()).hash());
        assertNotEquals(ApiKeyText.random().reveal(), ApiKeyText.random().reveal());
    }

    @Test
    void aKeyEndsAtTheMomentOfItsExpiry() throws IOException {
        ApiKeyText key = add("ann", Optional.of(NOW));

        assertEquals(
                "ann", file.read().principal(key.reveal(), NOW.minusMillis(1)).name());
        assertEquals(Problem.EXPIRED, problem(key.reveal(), NOW));
        String wrong = key.reveal().substring(0, 21) + ApiKeyText.random().secret();
        assertEquals(Problem.UNKNOWN, problem(wrong, NOW), "only the owner hears of the end");
    }

    private Problem problem(String text, Instant now) throws IOException {
        ApiKeys keys = file.read();
        return assertThrows(UnauthenticatedException.class, () -> keys.principal(text, now))
                .problem();
    }

    @Test
    void changesOfSeveralProgramsAllRemain() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<ApiKeyText>> added = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            added.add(threads.submit(() -> {
                // Within one process a file lock belongs to the process.
                synchronized (this) {
                    return add("ann", Optional.empty());
                }
            }));
        }
        for (Future<ApiKeyText> key : added) {
            String id = key.get().id();
            assertTrue(file.read().find(id).isPresent());
        }
        threads.shutdown();
    }

    private ApiKeyText add(String principal, Optional<Instant> expires) throws IOException {
        ApiKeyText key = ApiKeyText.random();
        file.change(keys -> keys.with(ApiKey.of(key, principal, NOW, expires)));
        return key;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | is no complete JSON",
                "{\"keys\": [] | is no complete JSON",
                "{'keys': []} | is no complete JSON",
                "[] | must have one object",
                "{} | must have \"keys\" and nothing else",
                "{\"keys\": {}} | must have a list of keys",
                "{\"keys\": [], \"more\": 1} | must have \"keys\" and nothing else",
                "{\"keys\": [1]} | must have keys[0] as an object",
                "{\"keys\": [{}]} | has no keys[0].id",
                "{\"keys\": [{\"id\": 1}]} | must have keys[0].id as a text",
                "{\"keys\": [{\"id\": \"x\"}]} | has a wrong keys[0].id",
                "{\"keys\": [{\"name\": \"x\"}]} | has a field in keys[0] that is none of id, principal, salt, hash, created, expires",
                "{\"keys\": [{\"id\": \"a\", \"id\": \"a\"}]} | has keys[0].id twice"
            })
    void aFileThatIsNotUnderstoodIsRefusedWithTheReason(String text, String reason) throws IOException {
        Files.writeString(path, text);

        IOException refusal = assertThrows(IOException.class, file::read);

        assertEquals(
                "The file of API keys %s %s. Repair it, or make keys with `stratalens keys add`."
                        .formatted(path, reason),
                refusal.getMessage());
    }

    @Test
    void whatIsRefusedIsNotQuoted() throws IOException {
        String secret = ApiKeyText.random().reveal();
        Files.writeString(path, "{\"keys\": [{\"%s\": \"%s\"}]}".formatted(secret, secret));

        assertFalse(String.valueOf(assertThrows(IOException.class, file::read).getMessage())
                .contains(secret));
    }

    @Test
    void anIdIsThereOnce() throws IOException {
        add("ann", Optional.empty());
        String text = Files.readString(path);
        String key = text.substring(text.indexOf('[') + 1, text.lastIndexOf(']'));
        Files.writeString(path, "{\"keys\": [%s, %s]}".formatted(key, key));

        assertTrue(String.valueOf(assertThrows(IOException.class, file::read).getMessage())
                .contains("has the id of keys[1] twice"));
    }
}
