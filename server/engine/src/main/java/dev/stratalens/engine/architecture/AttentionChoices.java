package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.mixer.Alibi;
import dev.stratalens.engine.architecture.mixer.Attention;
import dev.stratalens.engine.architecture.mixer.AttentionGate;
import dev.stratalens.engine.architecture.mixer.QueryKeyNorm;
import dev.stratalens.engine.architecture.mixer.RotaryPairs;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/** What a row says of attention so far; {@link Attention} tells what each choice means. */
final class AttentionChoices {

    Optional<IntToDoubleFunction> scale = Optional.empty();
    double softcap;
    IntUnaryOperator window = block -> 0;
    IntFunction<Optional<RopeParameters>> rotary = block -> Optional.empty();
    RotaryPairs rotaryPairs = RotaryPairs.HALVES;
    QueryKeyNorm queryKeyNorm = QueryKeyNorm.NONE;
    double clip;
    Optional<Attention.Latent> latent = Optional.empty();
    Optional<Alibi> alibi = Optional.empty();
    Optional<Attention.Growth> growth = Optional.empty();
    AttentionGate gate = AttentionGate.SIGMOID;
    int chunk;

    /**
     * The attention of blocks that have it.
     *
     * @param ropes of each block, checked
     * @param sinks whether the family has weights of sinks
     */
    Attention build(int headSize, IntFunction<Optional<RopeParameters>> ropes, boolean sinks) {
        double usualScale = 1 / Math.sqrt(headSize);
        return new Attention(
                scale.orElse(block -> usualScale),
                softcap,
                window,
                ropes,
                rotaryPairs,
                queryKeyNorm,
                clip,
                sinks,
                latent,
                alibi,
                growth,
                gate,
                chunk);
    }
}
