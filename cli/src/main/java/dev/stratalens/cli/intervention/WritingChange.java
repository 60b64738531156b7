package dev.stratalens.cli.intervention;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.selection.ChatOptions;
import dev.stratalens.client.request.ChangedRows.Generated;
import dev.stratalens.client.request.Intervention;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Rows that are changed while a text is written, with the options of {@code patch} and {@code steer}. */
final class WritingChange {

    @ArgGroup(validate = false, heading = RowOptions.HEADING)
    RowOptions rows = new RowOptions();

    @Option(
            names = "--at-new-tokens",
            paramLabel = "WHICH",
            description = "Whether new tokens are changed: also, only or none (default: also; with --from, none).")
    @Nullable
    NewTokens newTokens;

    @ArgGroup(validate = false, heading = ReplacementOptions.HEADING)
    ReplacementOptions replacement = new ReplacementOptions();

    @ArgGroup(validate = false, heading = SteeringOptions.HEADING)
    SteeringOptions steering = new SteeringOptions();

    /** Values of {@code --at-new-tokens}. */
    enum NewTokens {
        ALSO,
        ONLY,
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a change is asked for. */
    boolean isGiven() {
        return replacement.isGiven() || steering.isGiven();
    }

    /** The change, if one is asked for. */
    Optional<Intervention> intervention(ChatOptions chat) throws IOException {
        if (replacement.isGiven() && steering.isGiven()) {
            throw CliException.usage("rows become something, or are moved along a direction; give one of the two.");
        }
        if (!isGiven()) {
            if (rows.isGiven() || newTokens != null) {
                throw CliException.usage(
                        "say what happens to the rows: --toward TOKEN or another direction, or --zero, --times or --from.");
            }
            return Optional.empty();
        }
        if (which() == NewTokens.ONLY && rows.positions != null) {
            throw CliException.usage(
                    "--at-new-tokens only: no token of the prompt is changed; leave out --at-positions.");
        }
        return Optional.of(Intervention.of(
                rows.rows(null, positionsByDefault()).generated(Generated.valueOf(which().name())),
                replacement.isGiven() ? replacement.operation(chat) : steering.operation(chat)));
    }

    private NewTokens which() {
        return newTokens != null ? newTokens : replacement.source != null ? NewTokens.NONE : NewTokens.ALSO;
    }

    private String positionsByDefault() {
        return replacement.source == null ? "all" : "last";
    }

    /** The change in words. */
    String inWords() {
        String where = switch (which()) {
            case ALSO -> rows.inWords("all", positionsByDefault()) + " and new ones";
            case ONLY -> rows.inWords("all", "of the new text");
            case NONE -> rows.inWords("all", positionsByDefault());
        };
        return where + ", " + (replacement.isGiven() ? replacement.inWords() : steering.inWords());
    }
}
