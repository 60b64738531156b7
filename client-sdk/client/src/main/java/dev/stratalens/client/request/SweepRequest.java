package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.internal.argument.PositiveTime;
import dev.stratalens.client.internal.argument.WholeText;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks for one intervention at each block and position of its rows alone, and for one number each time. Immutable; {@link #of}
 * starts one.
 */
@AutoValue
public abstract class SweepRequest {

    SweepRequest() {}

    /**
     * Starts a request.
     *
     * @param prompt what is changed
     * @param intervention its rows are the grid
     * @param metric the number of each cell
     */
    public static Builder of(Prompt prompt, Intervention intervention, Metric metric) {
        return new AutoValue_SweepRequest.Builder()
                .prompt(prompt)
                .intervention(intervention)
                .metric(metric)
                .specialTokens(SpecialTokens.TOKENIZER_DEFAULT)
                .eachHead(false)
                .requestId("");
    }

    /** Name of a served model; empty = the only one served. */
    public abstract Optional<String> model();

    /** What is changed. */
    public abstract Prompt prompt();

    /** For texts: whether the tokenizer adds its special tokens. */
    public abstract SpecialTokens specialTokens();

    /** What happens to each row; its rows are the grid. */
    public abstract Intervention intervention();

    /** The number of each cell. */
    public abstract Metric metric();

    /** Whether each attention head is changed alone. */
    public abstract boolean eachHead();

    /** Id that the server's answer and log repeat, at most 128 bytes; may be empty. */
    public abstract String requestId();

    /** Deadline of the call, counted from its start; empty = the client's default. */
    public abstract Optional<Duration> timeout();

    /** Collects the parts of a request. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        abstract Builder prompt(Prompt prompt);

        abstract Builder model(Optional<String> name);

        abstract Builder intervention(Intervention intervention);

        abstract Builder metric(Metric metric);

        abstract Builder eachHead(boolean wanted);

        abstract SweepRequest autoBuild();

        /** Name of a served model; empty = the only one served. */
        public final Builder model(String name) {
            return model(Optional.of(WholeText.require("model", name)).filter(given -> !given.isEmpty()));
        }

        /** Whether the tokenizer adds its special tokens to texts. */
        public abstract Builder specialTokens(SpecialTokens wanted);

        /** Changes each attention head alone, instead of all heads of a row together. */
        public final Builder byHead() {
            return eachHead(true);
        }

        /** Id that the server's answer and log repeat. */
        public abstract Builder requestId(String id);

        /** Deadline of the call, counted from its start. */
        public abstract Builder timeout(Duration duration);

        /**
         * The request.
         *
         * @throws IllegalArgumentException if heads are to be changed alone where there are none
         */
        public final SweepRequest build() {
            SweepRequest request = autoBuild();
            WholeText.require("requestId", request.requestId());
            if (request.eachHead() && request.intervention().rows().site().isPresent()) {
                throw new IllegalArgumentException("only attention heads can be changed head by head");
            }
            request.timeout().ifPresent(PositiveTime::require);
            return request;
        }
    }
}
