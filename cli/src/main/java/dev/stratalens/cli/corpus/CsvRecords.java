package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Records of CSV in UTF-8, as RFC 4180 has them, between commas or other separators: a quoted value may have separators, line ends and
 * doubled quotes. Not thread-safe.
 */
final class CsvRecords implements Closeable {

    private static final int END = -1;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Reader in;
    private final char separator;
    private final StringBuilder value = new StringBuilder();
    private int ahead;

    CsvRecords(InputStream bytes, char separator) throws IOException {
        this.separator = separator;
        in = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()), 1 << 16);
        read();
        if (ahead == BYTE_ORDER_MARK) {
            read();
        }
    }

    /**
     * The next record; empty after the last. An empty line is none.
     *
     * @throws CliException if quotes are not where they may be, or the bytes are not UTF-8
     */
    Optional<List<String>> next() throws IOException {
        while (ahead == '\n' || ahead == '\r') {
            read();
        }
        if (ahead == END) {
            return Optional.empty();
        }
        List<String> values = new ArrayList<>();
        values.add(value());
        while (ahead == separator) {
            read();
            values.add(value());
        }
        if (!isAtEndOfLine()) {
            skipLine();
            throw CliException.usage("something follows a closing quote; double the quotes within a quoted value.");
        }
        read();
        return Optional.of(values);
    }

    private String value() throws IOException {
        value.setLength(0);
        if (ahead == '"') {
            readQuoted();
            return value.toString();
        }
        while (ahead != separator && !isAtEndOfLine()) {
            if (ahead == '"') {
                skipLine();
                throw CliException.usage(
                        "a quote stands within a value; put the value in quotes, and double the quotes in it.");
            }
            value.append((char) ahead);
            read();
        }
        return value.toString();
    }

    private void readQuoted() throws IOException {
        read();
        while (true) {
            if (ahead == END) {
                throw CliException.usage("a quote is not closed before the end of the file.");
            }
            if (ahead == '"') {
                read();
                if (ahead != '"') {
                    return;
                }
            }
            value.append((char) ahead);
            read();
        }
    }

    private void skipLine() throws IOException {
        while (!isAtEndOfLine()) {
            read();
        }
    }

    /** Of a line feed that follows a carriage return, the next record makes an empty line. */
    private boolean isAtEndOfLine() {
        return ahead == '\n' || ahead == '\r' || ahead == END;
    }

    private void read() throws IOException {
        try {
            ahead = ahead == END ? END : in.read();
        } catch (CharacterCodingException e) {
            ahead = END;
            throw new CliException(ExitCode.USAGE, "is not UTF-8. Convert the file first, for example with iconv.", e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
