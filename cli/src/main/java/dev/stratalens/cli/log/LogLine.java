package dev.stratalens.cli.log;

import dev.stratalens.engine.error.PrintableText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** Lines that no one else can forge: what a model file or a caller put into a message is escaped. */
abstract class LogLine extends Formatter {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx").withZone(ZoneId.systemDefault());

    @Override
    public final String formatMessage(LogRecord record) {
        return PrintableText.of(super.formatMessage(record));
    }

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return PrintableText.trace(trace.toString().replace(System.lineSeparator(), "\n"))
                .stripTrailing();
    }
}
