package dev.stratalens.server.grpc.request;

import dev.stratalens.engine.lens.generation.RequestedGeneration;
import dev.stratalens.engine.lens.generation.RequestedGeneration.EndTokenRule;
import dev.stratalens.engine.lens.generation.RequestedGeneration.RequestedSampling;
import dev.stratalens.v1.GenerationOptions;
import dev.stratalens.v1.Sampling;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads what is to be generated. */
public final class GenerationParser {

    private GenerationParser() {}

    /** The options of a generation, not checked. */
    public static RequestedGeneration parse(GenerationOptions options) {
        return new RequestedGeneration(
                options.hasMaxTokens() ? OptionalInt.of(options.getMaxTokens()) : OptionalInt.empty(),
                options.hasSampling() ? Optional.of(sampling(options.getSampling())) : Optional.empty(),
                options.getForced().getIdsList(),
                options.getStopTextsList(),
                options.getIgnoreEndTokens() ? EndTokenRule.GO_ON : EndTokenRule.STOP);
    }

    private static RequestedSampling sampling(Sampling sampling) {
        return new RequestedSampling(
                sampling.hasTemperature() ? OptionalDouble.of(sampling.getTemperature()) : OptionalDouble.empty(),
                sampling.hasTopK() ? OptionalInt.of(sampling.getTopK()) : OptionalInt.empty(),
                sampling.hasTopP() ? OptionalDouble.of(sampling.getTopP()) : OptionalDouble.empty(),
                sampling.hasSeed() ? OptionalLong.of(sampling.getSeed()) : OptionalLong.empty());
    }
}
