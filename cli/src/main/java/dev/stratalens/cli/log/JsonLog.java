package dev.stratalens.cli.log;

import com.google.gson.JsonObject;
import dev.stratalens.engine.error.PrintableText;
import dev.stratalens.server.watch.StructuredLine;
import java.util.Optional;
import java.util.logging.LogRecord;

/** A JSON object on a line for each record. */
final class JsonLog extends LogLine {

    @Override
    public String format(LogRecord record) {
        Optional<StructuredLine> structured = StructuredLine.current();
        JsonObject line = new JsonObject();
        line.addProperty("time", time(record.getInstant()));
        line.addProperty("level", record.getLevel().getName());
        line.addProperty("message", structured.map(StructuredLine::message).orElseGet(() -> formatMessage(record)));
        structured.ifPresent(fields -> fields.fields().forEach((key, value) -> add(line, key, value)));
        if (record.getThrown() != null) {
            line.addProperty("trace", trace(record.getThrown()));
        }
        return line + System.lineSeparator();
    }

    private static void add(JsonObject line, String key, Object value) {
        if (value instanceof Number number) {
            line.addProperty(key, number);
        } else {
            line.addProperty(key, PrintableText.of(value.toString()));
        }
    }
}
