package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.Slot;

/** Functions of the gates on the attention's output ({@link Slot#ATTENTION_GATE}). */
public enum AttentionGate implements ProgramChoice {
    /** From 0 to 1. */
    SIGMOID,
    /** ln(1 + exp(x)), above 0. */
    SOFTPLUS
}
