package dev.stratalens.cli;

import dev.stratalens.engine.error.PrintableText;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Log lines that no one else can forge: what a model file or a caller put into a message is escaped. */
final class PrintableLog extends SimpleFormatter {

    @Override
    public synchronized String format(LogRecord record) {
        String line = super.format(record);
        if (record.getThrown() == null) {
            return line;
        }
        // A trace has lines of its own; they are moved in, so that none looks like a record.
        String trace = PrintableText.trace(line.replace(System.lineSeparator(), "\n"));
        return trace.stripTrailing().replace("\n", "\n  ") + System.lineSeparator();
    }

    @Override
    public String formatMessage(LogRecord record) {
        return PrintableText.of(super.formatMessage(record));
    }
}
