package dev.stratalens.cli.corpus;

import com.github.luben.zstd.ZstdInputStream;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** The bytes of a file, decompressed if its name ends with {@code .gz} or {@code .zst}. */
final class CompressedFile {

    private static final String GZIP = ".gz";
    private static final String ZSTD = ".zst";

    private CompressedFile() {}

    /** A name without the ending that says how the file is compressed. */
    static String nameWithin(String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        for (String ending : new String[] {GZIP, ZSTD}) {
            if (lower.endsWith(ending)) {
                return fileName.substring(0, fileName.length() - ending.length());
            }
        }
        return fileName;
    }

    /**
     * Opens a file.
     *
     * @throws CliException if it is not compressed as its name says; then also while it is read
     */
    static InputStream open(Path file) throws IOException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        InputStream bytes = Files.newInputStream(file);
        if (!name.endsWith(GZIP) && !name.endsWith(ZSTD)) {
            return bytes;
        }
        try {
            InputStream buffered = new BufferedInputStream(bytes, 1 << 16);
            return new Decompressed(
                    file, name.endsWith(GZIP) ? new GZIPInputStream(buffered, 1 << 16) : new ZstdInputStream(buffered));
        } catch (IOException e) {
            bytes.close();
            throw damaged(file, e);
        }
    }

    private static CliException damaged(Path file, IOException cause) {
        return new CliException(
                ExitCode.USAGE,
                "%s cannot be decompressed (%s). Fetch it again, or give the file as it was before."
                        .formatted(file, cause.getMessage()),
                cause);
    }

    private static final class Decompressed extends FilterInputStream {

        private final Path file;

        Decompressed(Path file, InputStream in) {
            super(in);
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (IOException e) {
                throw damaged(file, e);
            }
        }
    }
}
