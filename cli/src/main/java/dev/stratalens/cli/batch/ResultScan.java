package dev.stratalens.cli.batch;

import dev.stratalens.cli.failure.CliException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Looks through a file of results, however long its lines are, in little memory. A line counts if its end was written: what
 * is behind the last one was broken off.
 */
final class ResultScan {

    /** Takes the complete lines, in order. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Is told of the next line.
         *
         * @param start offset of its first byte
         * @param end offset behind its line feed
         */
        void visit(ResultLine line, long start, long end) throws IOException;
    }

    private static final int END_OF_FILE = -1;

    private final Path path;
    private final InputStream in;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final Map<String, Integer> numbers = new HashMap<>();
    private long offset;

    private ResultScan(Path path, InputStream in) {
        this.path = path;
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /**
     * Reads from the beginning of the file to its end.
     *
     * @param path for messages
     * @return offset behind the last complete line
     * @throws CliException if there is something that this command does not write, or an id twice
     */
    static long scan(Path path, InputStream in, Visitor visitor) throws IOException {
        return new ResultScan(path, in).scan(visitor);
    }

    private long scan(Visitor visitor) throws IOException {
        for (int number = 1; ; number++) {
            long start = offset;
            int at = number;
            int last = readLine();
            String text = head.toString(StandardCharsets.UTF_8);
            if (last == END_OF_FILE) {
                if (!ResultLine.isBeginning(text)) {
                    throw foreign(at);
                }
                return start;
            }
            ResultLine line = ResultLine.read(text).filter(read -> last == '}').orElseThrow(() -> foreign(at));
            Integer first = numbers.putIfAbsent(line.id(), number);
            if (first != null) {
                throw CliException.usage("--output: %s has the id \"%s\" in lines %d and %d; take one of them out."
                        .formatted(path, line.id(), first, number));
            }
            visitor.visit(line, start, offset);
        }
    }

    /** Reads to a line feed and keeps the beginning; gives the byte before it, or says that the file ended first. */
    private int readLine() throws IOException {
        head.reset();
        int last = 0;
        for (int read = in.read(); read >= 0; read = in.read()) {
            offset++;
            if (read == '\n') {
                return last;
            }
            last = read;
            if (head.size() < ResultLine.LONGEST_HEAD) {
                head.write(read);
            }
        }
        return END_OF_FILE;
    }

    private CliException foreign(int number) {
        return CliException.usage(
                "--output: line %d of %s was not written by this command, which continues only its own files; name another file."
                        .formatted(number, path));
    }
}
