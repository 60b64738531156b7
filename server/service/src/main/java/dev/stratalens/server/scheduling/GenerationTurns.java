package dev.stratalens.server.scheduling;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.generation.Generation;
import dev.stratalens.engine.lens.generation.GenerationEnd;
import dev.stratalens.engine.lens.generation.GenerationPlan;
import dev.stratalens.engine.lens.generation.NewToken;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.Continuation;
import dev.stratalens.engine.lens.result.FoundToken;
import dev.stratalens.engine.lens.result.LensOutcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The passes of a request that generates. It waits for a turn before each of them, so that generations and analyses take turns, and
 * share passes. What the model remembers of the text is kept between them. On the computing thread, but for closing.
 */
final class GenerationTurns implements AutoCloseable {

    private final LensEngine engine;
    private final LensPlan prompt;
    private final GenerationPlan options;
    private final long stateBytes;
    private volatile @Nullable Generation generation;
    private volatile boolean goesOn;
    private @Nullable LensOutcome sum;

    /** @param stateBytes memory that the text will take between its passes */
    GenerationTurns(LensEngine engine, LensPlan prompt, GenerationPlan options, long stateBytes) {
        this.engine = engine;
        this.prompt = prompt;
        this.options = options;
        this.stateBytes = stateBytes;
    }

    /** Memory that it will take, or takes, between its passes. */
    long stateBytes() {
        return stateBytes;
    }

    /** Whether its first pass has begun. */
    boolean hasBegun() {
        return generation != null;
    }

    /** The next pass begins. */
    void begin() {
        if (generation == null) {
            generation = new Generation(engine.emptyState(), engine.tokenizer(), prompt, options);
        }
        goesOn = false;
    }

    /** The plan of the next pass. */
    LensPlan plan() {
        Generation begun = generation;
        return begun == null ? prompt : begun.plan();
    }

    /** What the next pass continues. Only once it has begun. */
    Continuation continuation() {
        return begun().continuation();
    }

    /** Takes the token that the pass has found. */
    NewToken take(FoundToken found) {
        NewToken token = begun().take(found);
        goesOn = true;
        return token;
    }

    /** Whether the token of the next pass is the last one. */
    boolean isAtLastPass() {
        return begun().isAtLastPass();
    }

    /** Whether there is another pass after the one that has ended. */
    boolean goesOn() {
        return goesOn;
    }

    /** Counts a pass that has ended; gives all passes so far. The self-check is that of the first. */
    LensOutcome plus(LensOutcome pass) {
        LensOutcome before = sum;
        LensOutcome all = before == null
                ? pass
                : new LensOutcome(
                        before.selfCheck(),
                        before.forward().plus(pass.forward()),
                        before.lens().plus(pass.lens()),
                        before.omittedRows() + pass.omittedRows());
        sum = all;
        return all;
    }

    /** How it ended. */
    GenerationEnd end() {
        return begun().end();
    }

    private Generation begun() {
        return requireNonNull(generation);
    }

    /** Frees what is kept, from any thread, while no pass runs. */
    @Override
    public void close() {
        Optional.ofNullable(generation).ifPresent(Generation::close);
    }
}
