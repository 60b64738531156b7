package dev.stratalens.engine.lens.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.generation.RequestedGeneration.EndTokenRule;
import dev.stratalens.engine.lens.generation.RequestedGeneration.RequestedSampling;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.model.ModelDescription;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GenerationPlannerTest {

    private static final ModelDescription MODEL = FakeModel.named("m");
    private static final OptionalInt DEFAULT = OptionalInt.empty();
    private static final OptionalDouble NONE = OptionalDouble.empty();

    private static LensPlan prompt(int tokens) {
        return LensPlanner.plan(
                        RequestedPlan.builder(new LensPrompt.TokenIds(new int[tokens]))
                                .build(),
                        MODEL,
                        new FakeTokenizer())
                .plan();
    }

    private static GenerationPlan plan(RequestedGeneration request, int promptTokens) {
        return GenerationPlanner.plan(request, prompt(promptTokens), MODEL, Set.of(1));
    }

    private static RequestedGeneration tokens(OptionalInt most) {
        return new RequestedGeneration(most, Optional.empty(), List.of(), List.of(), EndTokenRule.STOP);
    }

    private static RequestedGeneration drawn(OptionalDouble temperature, OptionalInt topK, OptionalDouble topP) {
        return new RequestedGeneration(
                DEFAULT,
                Optional.of(new RequestedSampling(temperature, topK, topP, OptionalLong.of(3))),
                List.of(),
                List.of(),
                EndTokenRule.GO_ON);
    }

    private static void assertRefused(String field, RequestedGeneration request) {
        InvalidFieldException refusal = assertThrows(InvalidFieldException.class, () -> plan(request, 1));
        assertEquals(field, refusal.field());
        assertFalse(String.valueOf(refusal.getMessage()).isEmpty());
    }

    @Test
    void defaultsAreTheBestTokenAndAsManyAsFit() {
        GenerationPlan plan = plan(tokens(DEFAULT), 1);
        assertEquals(Math.min(64, MODEL.contextLength() - 1), plan.maxTokens());
        assertEquals(Optional.empty(), plan.sampling());
        assertEquals(Set.of(1), plan.endTokens());
        assertEquals(1, plan(tokens(DEFAULT), MODEL.contextLength() - 1).maxTokens());
    }

    @Test
    void aSamplingKeepsAllTokensUnlessItSaysOtherwise() {
        GenerationPlan plan = plan(drawn(NONE, DEFAULT, NONE), 1);
        assertEquals(
                new Sampling(1, MODEL.vocabularySize(), 1, 3), plan.sampling().orElseThrow());
        assertEquals(Set.of(), plan.endTokens());
    }

    @Test
    void whatIsOutOfRangeIsRefusedByName() {
        assertRefused("options.max_tokens", tokens(OptionalInt.of(0)));
        assertRefused("options.max_tokens", tokens(OptionalInt.of(MODEL.contextLength())));
        for (double bad : new double[] {0, -1, 101, Double.NaN}) {
            assertRefused("options.sampling.temperature", drawn(OptionalDouble.of(bad), DEFAULT, NONE));
        }
        for (double bad : new double[] {0, 1.1, Double.NaN}) {
            assertRefused("options.sampling.top_p", drawn(NONE, DEFAULT, OptionalDouble.of(bad)));
        }
        assertRefused("options.sampling.top_k", drawn(NONE, OptionalInt.of(0), NONE));
        assertRefused("options.sampling.top_k", drawn(NONE, OptionalInt.of(MODEL.vocabularySize() + 1), NONE));
        assertRefused("options.forced.ids", forced(OptionalInt.of(1), List.of(1, 2), List.of()));
        assertRefused("options.forced.ids[0]", forced(DEFAULT, List.of(-1), List.of()));
        assertRefused("options.stop_texts", forced(DEFAULT, List.of(), Collections.nCopies(17, "x")));
        assertRefused("options.stop_texts[1]", forced(DEFAULT, List.of(), List.of("x", "")));
        assertRefused("options.stop_texts[0]", forced(DEFAULT, List.of(), List.of("é".repeat(513))));
    }

    private static RequestedGeneration forced(OptionalInt most, List<Integer> ids, List<String> stops) {
        return new RequestedGeneration(most, Optional.empty(), ids, stops, EndTokenRule.STOP);
    }
}
