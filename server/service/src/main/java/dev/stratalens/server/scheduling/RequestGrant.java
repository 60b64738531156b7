package dev.stratalens.server.scheduling;

import dev.stratalens.engine.error.MemoryLimitExceededException;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.generation.GenerationPlan;
import dev.stratalens.engine.lens.generation.GenerationPlanner;
import dev.stratalens.engine.lens.generation.RequestedGeneration;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.plan.PlannedRequest;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.server.models.Lease;
import dev.stratalens.server.quota.Admission;
import dev.stratalens.server.scheduling.compute.Load;
import java.util.Optional;

/**
 * A plan, the memory that was granted for it, and the hold on the model that computes it.
 *
 * @param bytes for its first pass, and for what a generation keeps between its passes
 * @param turns the passes of a generation; empty for an analysis
 */
record RequestGrant(Lease lease, PlannedRequest planned, long bytes, Optional<GenerationTurns> turns)
        implements AutoCloseable {

    /** Tokens in a block that take as long as a cell, on a small model, whose unembedding is large for it. */
    private static final int CELL_WORK = 4;

    /**
     * Plans a request for a model, which reads its text, and checks its size.
     *
     * @param listener takes memory, too
     * @param maxRequestBytes memory that may be granted
     */
    static RequestGrant of(
            Lease lease,
            RequestedPlan request,
            Optional<RequestedGeneration> generation,
            RequestListener listener,
            Admission admission,
            long maxRequestBytes) {
        LensEngine engine = lease.engine();
        PlannedRequest asked = generation.isPresent()
                ? LensPlanner.planWriting(request, engine.description(), engine.tokenizer(), engine.knownLenses())
                : LensPlanner.plan(request, engine.description(), engine.tokenizer(), engine.knownLenses());
        Optional<GenerationPlan> options = generation.map(
                some -> GenerationPlanner.plan(some, asked.plan(), engine.description(), engine.endTokens()));
        // The first token is found in the last row.
        PlannedRequest planned = options.isPresent() ? asked.readingLast() : asked;
        LensPlan plan = planned.plan();
        int newTokens = options.map(GenerationPlan::maxTokens).orElse(0);
        long state = options.isPresent() ? engine.stateBytes(plan.tokenIds().length + newTokens) : 0;
        long bytes = engine.memoryNeed(plan) + listener.memoryNeed(plan, engine.description()) + state;
        if (bytes > maxRequestBytes) {
            throw new MemoryLimitExceededException(bytes, maxRequestBytes);
        }
        admission.planned(plan.promptTokens(), plan.cellCount() + (long) newTokens * plan.lensReadPointCount());
        return new RequestGrant(
                lease, planned, bytes, options.map(some -> new GenerationTurns(engine, plan, some, state)));
    }

    /** The engine that computes it. */
    LensEngine engine() {
        return lease.engine();
    }

    /** The plan of the next pass. */
    LensPlan plan() {
        return turns.map(GenerationTurns::plan).orElse(planned.plan());
    }

    /** Whether the first pass of a generation has begun. */
    boolean hasBegun() {
        return turns.isPresent() && turns.get().hasBegun();
    }

    /** Whether there is another pass after the one that has ended. */
    boolean goesOn() {
        return turns.isPresent() && turns.get().goesOn();
    }

    /** Memory that a generation takes, or will take, between its passes. */
    long stateBytes() {
        return turns.map(GenerationTurns::stateBytes).orElse(0L);
    }

    /** What the next pass takes. */
    Load load() {
        LensPlan next = plan();
        return new Load(
                next.inputTokens(), hasBegun() ? engine().memoryNeed(next) : bytes, blockWork(next) + cellWork(next));
    }

    /** The part of {@link Load#work} that the blocks of a plan take. */
    long blockWork(LensPlan plan) {
        return plan.inputTokens() * engine().description().blockCount();
    }

    /** The part that its cells take. Those of a sweep are passes, whose tokens are counted. */
    static long cellWork(LensPlan plan) {
        return plan.interventions().sweep().isPresent() ? 0 : CELL_WORK * plan.cellCount();
    }

    @Override
    public void close() {
        turns.ifPresent(GenerationTurns::close);
        lease.close();
    }
}
