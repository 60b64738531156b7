package dev.stratalens.cli.log;

import java.util.logging.LogRecord;

/** A line of text for each record. A stack trace has lines of its own, moved in so that none looks like a record. */
final class TextLog extends LogLine {

    @Override
    public String format(LogRecord record) {
        String line = "%s %s %s".formatted(time(record.getInstant()), record.getLevel(), formatMessage(record));
        String trace = record.getThrown() == null
                ? ""
                : "\n  " + trace(record.getThrown()).replace("\n", "\n  ");
        return line + trace + System.lineSeparator();
    }
}
