package dev.stratalens.cli.keys;

import dev.stratalens.cli.failure.CliException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time as it is given to the commands for keys. */
final class TimeSpan {

    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,5})([hd])");

    private TimeSpan() {}

    /** Reads hours or days, such as {@code 90d}. */
    static Duration parse(String option, String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw CliException.usage(
                    "%s: \"%s\" is no time in hours or days, such as 12h or 90d.".formatted(option, text));
        }
        int count = Integer.parseInt(matcher.group(1));
        return matcher.group(2).equals("h") ? Duration.ofHours(count) : Duration.ofDays(count);
    }
}
