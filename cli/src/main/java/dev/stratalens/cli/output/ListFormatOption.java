package dev.stratalens.cli.output;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.terminal.Console;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** {@code --format} of the commands that list facts. */
public final class ListFormatOption {

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json (default: table).")
    ListFormat format = ListFormat.TABLE;

    /** Writes to something that the other side closes. */
    @FunctionalInterface
    public interface Content<T> {
        void write(T out) throws IOException;
    }

    /** Lists facts on standard output. */
    public void write(Content<PrintWriter> table, Content<JsonWriter> json, Console console) throws IOException {
        PrintWriter out = console.writer();
        if (format == ListFormat.TABLE) {
            table.write(out);
        } else {
            JsonWriter writer = ListFormat.json(out);
            json.write(writer);
            writer.flush();
            out.println();
        }
        out.flush();
    }
}
