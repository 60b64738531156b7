package dev.stratalens.cli.batch;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensFileException;
import dev.stratalens.report.file.LensJson;
import dev.stratalens.report.file.V2Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what was saved: a file with one result, or one line of a batch's file. */
public final class ResultLookup {

    private interface ResultReader {
        LensResult read(Reader in) throws IOException;
    }

    private static final int IDS_TO_NAME = 5;

    private static final Pattern V2_BEGINNING =
            Pattern.compile("\\s*\\{\\s*\"meta\"\\s*:\\s*\\{\\s*\"version\"\\s*:\\s*2\\b");

    private final String name;
    private final BufferedReader in;

    private ResultLookup(String name, BufferedReader in) {
        this.name = name;
        this.in = in;
    }

    /**
     * Reads a result.
     *
     * @param file its path; {@code -} for standard input
     * @param id which of a batch
     * @throws CliException if it is not there, or no result
     */
    public static LensResult read(String file, Optional<String> id, InputStream input) throws IOException {
        if (file.equals("-")) {
            BufferedReader in = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
            return new ResultLookup("standard input", in).read(id);
        }
        try (BufferedReader in = Files.newBufferedReader(path(file))) {
            return new ResultLookup(file, in).read(id);
        }
    }

    private static Path path(String file) {
        try {
            Path path = Path.of(file);
            if (Files.isReadable(path) && !Files.isDirectory(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            // said below
        }
        throw CliException.usage(
                "%s cannot be read. Make one with analyze --format json --output FILE.".formatted(file));
    }

    private LensResult read(Optional<String> id) throws IOException {
        String head = peek();
        if (ResultLine.read(head).isPresent()) {
            return readBatch(id);
        }
        if (id.isPresent()) {
            throw CliException.usage(
                    "--id %s: %s is not the output of a batch; leave --id out.".formatted(id.get(), name));
        }
        return parse(in, V2_BEGINNING.matcher(head).lookingAt() ? V2Json::read : LensJson::read);
    }

    private String peek() throws IOException {
        char[] beginning = new char[ResultLine.LONGEST_HEAD];
        in.mark(beginning.length);
        int length = 0;
        int read = 0;
        while (length < beginning.length && read >= 0) {
            length += read;
            read = in.read(beginning, length, beginning.length - length);
        }
        in.reset();
        return new String(beginning, 0, length);
    }

    /** The asked result, or the only one. */
    private LensResult readBatch(Optional<String> id) throws IOException {
        List<String> ids = new ArrayList<>();
        String only = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Optional<ResultLine> head = ResultLine.read(line);
            if (head.isEmpty()) {
                continue; // broken off, or none of ours
            }
            if (id.isPresent() && id.get().equals(head.get().id())) {
                return parse(line, head.get());
            }
            if (!head.get().failed()) {
                ids.add(head.get().id());
                only = line;
            }
        }
        if (id.isEmpty() && ids.size() == 1) {
            return parse(only, ResultLine.read(only).orElseThrow());
        }
        throw CliException.usage(
                id.isPresent()
                        ? "--id %s: %s has no such result; it has %s.".formatted(id.get(), name, listed(ids))
                        : "%s has %d results; say which with --id: %s.".formatted(name, ids.size(), listed(ids)));
    }

    private LensResult parse(String line, ResultLine head) throws IOException {
        int start = line.indexOf(":{", line.indexOf("\"request\":")) + 1;
        String object = line.substring(start, Math.max(start, line.length() - 1)); // without the line's own brace
        if (head.failed()) {
            throw CliException.usage("--id %s: this prompt failed: %s".formatted(head.id(), object));
        }
        return parse(new StringReader(object), LensJson::read);
    }

    private LensResult parse(Reader json, ResultReader reader) throws IOException {
        try {
            return reader.read(json);
        } catch (LensFileException e) {
            throw CliException.usage(
                    "%s: %s. Save results with analyze --format json or batch.".formatted(name, e.getMessage()));
        }
    }

    private static String listed(List<String> ids) {
        String some = String.join(", ", ids.subList(0, Math.min(IDS_TO_NAME, ids.size())));
        return ids.size() > IDS_TO_NAME ? some + " and " + (ids.size() - IDS_TO_NAME) + " more" : some;
    }
}
