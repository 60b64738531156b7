package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import java.util.List;

/** A text as a model reads it. */
@AutoValue
public abstract class Tokenization {

    Tokenization() {}

    /** The tokens of a text, for a model with a context of so many. */
    public static Tokenization of(List<PromptToken> tokens, int contextLength) {
        return new AutoValue_Tokenization(List.copyOf(tokens), contextLength);
    }

    /** Its tokens. */
    public abstract List<PromptToken> tokens();

    /** Longest prompt of the model, in tokens; a text may have more. */
    public abstract int contextLength();
}
