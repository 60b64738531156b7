package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.request.LensTarget;
import java.util.List;
import java.util.OptionalInt;

/** An asked target and what it stands for. */
@AutoValue
public abstract class TargetInfo {

    TargetInfo() {}

    /** A target with its tokens and its id at each position. */
    public static TargetInfo of(LensTarget target, List<Token> tokens, List<OptionalInt> ids) {
        return new AutoValue_TargetInfo(target, List.copyOf(tokens), List.copyOf(ids));
    }

    /** The target, as asked. */
    public abstract LensTarget target();

    /**
     * For a text: its whole encoding; the first token is followed. For an id: that token. Empty for targets that depend
     * on the position.
     */
    public abstract List<Token> tokens();

    /** Vocabulary id at each asked position, in the order of {@link ResultInfo#positions()}; empty where there is none. */
    public abstract List<OptionalInt> ids();
}
