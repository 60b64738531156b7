package dev.stratalens.cli.evaluation;

import dev.stratalens.report.evaluation.EvaluationSums;

/** Sums over the first lines of a file of prompts. Not thread-safe. */
final class EvaluationState {

    private final EvaluationSums sums;
    private int linesDone;
    private int failed;

    /** @param linesDone lines of the file that are in the sums
     * @param failed how many of their prompts failed */
    EvaluationState(EvaluationSums sums, int linesDone, int failed) {
        this.sums = sums;
        this.linesDone = linesDone;
        this.failed = failed;
    }

    /** Nothing yet. */
    static EvaluationState begin() {
        return new EvaluationState(new EvaluationSums(), 0, 0);
    }

    void lineDone(int line) {
        linesDone = line;
    }

    void failed(int line) {
        failed++;
        linesDone = line;
    }

    EvaluationSums sums() {
        return sums;
    }

    int linesDone() {
        return linesDone;
    }

    /** Prompts that failed. */
    int failed() {
        return failed;
    }
}
