package dev.stratalens.engine.lens.fit;

/** The kind of lens to fit. */
public sealed interface FitKind {

    /** Its name in options and files. */
    String label();

    /** First positions of a sequence that are left out. */
    int skippedPositions();

    /** Fewest tokens of a sequence from which something can be learned. */
    int fewestTokens();

    /**
     * A tuned lens: at each read point before the last block, {@code h + A h + b}, fitted by the divergence of the model's output from
     * the lens. The recipe is that of tuned-lens: stochastic gradient descent with Nesterov momentum of 0.9, a rate that falls to 0 in
     * a straight line, weights that decay by 0.001, gradients of all maps together cut to a norm of 1.
     *
     * @param steps number of steps
     * @param tokensPerStep fewest tokens of a step
     * @param rate the first rate, times 0.1; tuned-lens takes 1
     */
    record Tuned(int steps, int tokensPerStep, double rate) implements FitKind {

        @Override
        public String label() {
            return "tuned";
        }

        @Override
        public int skippedPositions() {
            return 0;
        }

        @Override
        public int fewestTokens() {
            return 1;
        }
    }

    /**
     * A Jacobian lens: at each layer before the last one, {@code J h}, the mean over sequences of the derivatives of the last block's
     * output by this layer's.
     *
     * @param mostPrompts where it ends at the latest, in sequences
     * @param fewestPrompts where it ends at the earliest
     * @param tolerance it ends if the last ten sequences have moved the mean by less than this share each, on average
     * @param skippedPositions first positions of a sequence that are left out, as is its last one
     */
    record Jacobian(int mostPrompts, int fewestPrompts, double tolerance, int skippedPositions) implements FitKind {

        @Override
        public String label() {
            return "jacobian";
        }

        @Override
        public int fewestTokens() {
            return skippedPositions + 2;
        }
    }
}
