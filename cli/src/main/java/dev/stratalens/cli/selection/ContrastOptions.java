package dev.stratalens.cli.selection;

import dev.stratalens.report.analysis.TargetGroup;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which tokens to follow, and what they compete with. */
public final class ContrastOptions extends TargetOptions {

    @Option(
            names = "--against",
            paramLabel = "TOKEN",
            description = "Compare each target with this one: the difference of their logits and probabilities.")
    @Nullable
    public String against;

    /** The anti-target. */
    public Optional<TargetGroup> against() {
        return Optional.ofNullable(against).map(token -> group("--against", token));
    }
}
