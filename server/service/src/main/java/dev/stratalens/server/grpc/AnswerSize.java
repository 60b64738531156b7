package dev.stratalens.server.grpc;

import dev.stratalens.engine.lens.plan.LensPlan;

/** Bounds what an answer weighs on the wire, before anything is computed. */
final class AnswerSize {

    /** Header, targets and summary without what grows with the request. */
    private static final long ONCE = 8 << 10;
    /** A chunk or a progress without its numbers. */
    private static final long FRAME = 64;

    private static final int VARINT = 5;
    private static final int FLOAT = 4;
    /** Longer than the texts of any vocabulary are on average, with what surrounds them. */
    private static final int TEXT = 32;

    private AnswerSize() {}

    /** Bytes of all messages together, or fewer. */
    static long atMost(LensPlan plan, int vocabularySize) {
        long layers = (long) plan.lenses().size() * plan.readPoints().size();
        long positions = plan.positions().length;
        long targets = plan.targets().size();
        long ranked = layers * plan.topK();
        long prompt = 3L * VARINT * plan.tokenIds().length + VARINT * positions + (VARINT + FLOAT) * positions;
        long cell = (VARINT + FLOAT) * (plan.topK() + targets)
                + FLOAT * plan.statistics().size();
        long tracked = plan.minimumPeak().isPresent() ? Math.min(ranked + targets, vocabularySize) : 0;
        long named = plan.tokenIds().length + positions * (ranked + targets + 1) + targets;
        return ONCE
                + FRAME * (3 * layers + positions)
                + prompt
                + layers * positions * cell
                + positions * tracked * (VARINT + layers * FLOAT)
                + Math.min(named, vocabularySize) * TEXT;
    }
}
