package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Lines of UTF-8, one at a time, each ended by a line feed or by a carriage return and a line feed; the last one by the
 * end, too. A byte-order mark at the beginning is dropped.
 */
public final class TextLines implements Closeable {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    static final String NOT_UTF_8 = "is not UTF-8. Convert the file first, for example with iconv.";

    private final InputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int number;

    /** Reads from the beginning. */
    public TextLines(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /**
     * The next line without its end; null after the last.
     *
     * @throws CliException if it is not UTF-8; the line after it can be read all the same
     */
    @Nullable
    public String next() throws IOException {
        int read = in.read();
        if (read < 0) {
            return null;
        }
        bytes.reset();
        number++;
        for (; read >= 0 && read != '\n'; read = in.read()) {
            bytes.write(read);
        }
        String line = decode(bytes.toByteArray());
        if (number == 1 && line.startsWith(BYTE_ORDER_MARK)) {
            line = line.substring(1);
        }
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    /** Number of the line that came last, from 1. */
    public int number() {
        return number;
    }

    private static String decode(byte[] line) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CliException(ExitCode.USAGE, NOT_UTF_8, e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
