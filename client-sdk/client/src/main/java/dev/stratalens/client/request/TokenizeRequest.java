package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.internal.argument.WholeText;
import java.util.Optional;

/** A prompt to encode. Immutable; {@link #of(String)} starts one. */
@AutoValue
public abstract class TokenizeRequest {

    TokenizeRequest() {}

    /** Starts a request for a text, read exactly as it is. */
    public static Builder of(String text) {
        return of(Prompt.text(text));
    }

    /** Starts a request for any prompt. */
    public static Builder of(Prompt prompt) {
        return new AutoValue_TokenizeRequest.Builder().prompt(prompt).specialTokens(SpecialTokens.TOKENIZER_DEFAULT);
    }

    /** Name of a served model; empty = the only one served. */
    public abstract Optional<String> model();

    /** The prompt. */
    public abstract Prompt prompt();

    /** For a text: whether the tokenizer adds its special tokens. */
    public abstract SpecialTokens specialTokens();

    /** A builder that starts from this request. */
    public abstract Builder toBuilder();

    /** Collects the parts of a request. Defaults: the only served model, with the tokenizer's special tokens. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        abstract Builder prompt(Prompt prompt);

        abstract Builder model(Optional<String> name);

        /** Name of a served model; empty = the only one served. */
        public final Builder model(String name) {
            return model(Optional.of(WholeText.require("model", name)).filter(given -> !given.isEmpty()));
        }

        /** Whether the tokenizer adds its special tokens to a text. */
        public abstract Builder specialTokens(SpecialTokens wanted);

        /** Leaves out the tokenizer's special tokens. */
        public final Builder withoutSpecialTokens() {
            return specialTokens(SpecialTokens.NONE);
        }

        /** The request. */
        public abstract TokenizeRequest build();
    }
}
