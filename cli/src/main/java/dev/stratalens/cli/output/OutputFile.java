package dev.stratalens.cli.output;

import dev.stratalens.cli.failure.CliException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is either whole or not there: written beside its place and moved into it. */
public final class OutputFile {

    /** Writes text. */
    @FunctionalInterface
    public interface Content {
        void write(Writer out) throws IOException;
    }

    /** Writes bytes. */
    @FunctionalInterface
    public interface Bytes {
        void write(OutputStream out) throws IOException;
    }

    private final Path path;

    /** @throws CliException if the file cannot be made, before any work is done for it */
    public OutputFile(Path path) {
        this.path = path.toAbsolutePath();
        Path directory = this.path.getParent();
        if (Files.isDirectory(this.path)) {
            throw CliException.usage("--output: %s is a directory; name a file.".formatted(path));
        }
        if (directory == null || !Files.isDirectory(directory)) {
            throw CliException.usage("--output: the directory of %s does not exist; make it first.".formatted(path));
        }
        if (!Files.isWritable(isSpecial() ? this.path : directory)) {
            throw CliException.usage("--output: %s cannot be written here.".formatted(path));
        }
    }

    public void write(Content content) throws IOException {
        writeBytes(out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            content.write(writer);
            writer.flush();
        });
    }

    public void writeBytes(Bytes content) throws IOException {
        if (isSpecial()) {
            try (OutputStream out = Files.newOutputStream(path)) {
                content.write(out);
            }
            return;
        }
        Path target = Files.exists(path) ? path.toRealPath() : path; // a link stays a link
        Path temporary = target.resolveSibling(".%s.%d.part"
                .formatted(target.getFileName(), ProcessHandle.current().pid()));
        temporary.toFile().deleteOnExit(); // where the user stops the program meanwhile
        try {
            try (OutputStream out = Files.newOutputStream(temporary)) {
                content.write(out);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Devices and pipes cannot be replaced by a move. */
    private boolean isSpecial() {
        return Files.exists(path) && !Files.isRegularFile(path);
    }
}
