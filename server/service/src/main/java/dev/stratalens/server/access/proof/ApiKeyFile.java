package dev.stratalens.server.access.proof;

import com.google.gson.FormattingStyle;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import dev.stratalens.engine.error.FileFault;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The JSON file of API keys. It holds no key, but is for its owner only, unless someone has changed that: changes keep it so. */
public final class ApiKeyFile {

    private static final String REMEDY = "Repair it, or make keys with `stratalens keys add`.";

    private final Path file;

    public ApiKeyFile(Path file) {
        this.file = file;
    }

    /**
     * The keys.
     *
     * @throws IOException naming the file and what is wrong; it quotes nothing of the file, where someone may have put a key
     */
    public ApiKeys read() throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException absent) {
            throw fault("does not exist", "Make keys with `stratalens keys add --file %s`.".formatted(file));
        } catch (CharacterCodingException binary) {
            throw fault("is no text in UTF-8", REMEDY);
        } catch (IOException unreadable) {
            throw fault("cannot be read (%s)".formatted(FileFault.words(unreadable)), "Make it readable.");
        }
        return parse(text);
    }

    private ApiKeys parse(String text) throws IOException {
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            json.setStrictness(Strictness.STRICT);
            return ApiKeyJson.read(json);
        } catch (MalformedJsonException | EOFException broken) {
            throw fault("is no complete JSON", REMEDY);
        } catch (ApiKeyJson.Fault wrong) {
            throw fault(wrong.what(), REMEDY);
        }
    }

    private IOException fault(String what, String remedy) {
        return new IOException("The file of API keys %s %s. %s".formatted(file, what, remedy));
    }

    /**
     * Changes the keys; a file that is missing counts as one without keys. Readers see the file before or after the change, and
     * changes of several processes follow one another.
     */
    public void change(UnaryOperator<ApiKeys> change) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw fault("cannot be written: its folder does not exist", "Make the folder first.");
        }
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Let go when the channel is closed.
            var unused = channel.lock();
            replace(change.apply(Files.exists(file) ? read() : ApiKeys.NONE));
        }
    }

    private void replace(ApiKeys keys) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path fresh = Files.createTempFile(target.getParent(), ".keys", ".json", ownerOnly(target));
        try {
            Files.writeString(fresh, text(keys));
            if (Files.exists(target)) {
                share(fresh, target);
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Lets those use a file who may use another, as a server does that runs as another user than who manages its keys. */
    private static void share(Path fresh, Path other) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        var wanted = Files.readAttributes(other, PosixFileAttributes.class);
        Set<PosixFilePermission> permissions = new HashSet<>(wanted.permissions());
        try {
            view.setGroup(wanted.group());
        } catch (IOException notOurs) {
            // Not the same permissions for another group.
            permissions.removeAll(PosixFilePermissions.fromString("---rwx---"));
        }
        view.setPermissions(permissions);
        try {
            view.setOwner(wanted.owner());
        } catch (IOException onlyRootMay) {
            // Whoever may replace the file owns it from now on.
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static String text(ApiKeys keys) throws IOException {
        Writer text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.setFormattingStyle(FormattingStyle.PRETTY);
        ApiKeyJson.write(keys, json);
        return text + "\n";
    }
}
