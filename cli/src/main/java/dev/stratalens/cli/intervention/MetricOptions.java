package dev.stratalens.cli.intervention;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.input.TargetSyntax;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Metric;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The number of each cell of a sweep. */
final class MetricOptions {

    static final String HEADING =
            "%nThe number of each cell (default: how far the output moves, KL from the unchanged one):%n";

    @Option(
            names = "--target",
            paramLabel = "TOKEN",
            description = "The logit of a token: id:N, text:T, or a text such as \" Paris\".")
    @Nullable
    String target;

    @Option(names = "--against", paramLabel = "TOKEN", description = "With --target: minus the logit of this one.")
    @Nullable
    String against;

    @Option(names = "--log-prob", description = "With --target: its log-probability instead of its logit.")
    boolean isLogProbability;

    @Option(names = "--metric-at", paramLabel = "POSITION", description = "Where it is read (default: the last token).")
    @Nullable
    Integer position;

    Metric metric() {
        Metric metric = atLast();
        return position == null ? metric : metric.at(position);
    }

    private Metric atLast() {
        if (target == null) {
            if (against != null || isLogProbability) {
                throw CliException.usage("--against and --log-prob need --target TOKEN.");
            }
            return Metric.klFromUnchanged();
        }
        if (against != null && isLogProbability) {
            throw CliException.usage("--against and --log-prob exclude each other; leave one out.");
        }
        if (against != null) {
            return Metric.logitDifference(token("--target", target), token("--against", against));
        }
        LensTarget token = token("--target", target);
        return isLogProbability ? Metric.logProbability(token) : Metric.logit(token);
    }

    private static LensTarget token(String option, String typed) {
        PromptInput.refuseMangled(typed, System.getProperty("sun.jnu.encoding", "UTF-8"));
        LensTarget target = TargetSyntax.parse(typed);
        if (target.dependsOnPosition()) {
            throw CliException.usage("%s: %s is no token that a sweep can follow; name one.".formatted(option, typed));
        }
        return target;
    }
}
