package dev.stratalens.cli.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.LensException;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusedFieldTest {

    @ParameterizedTest
    @CsvSource({
        "top_k, top-k",
        "layers[1].last, layers",
        "lenses[0].transport.name, lens",
        "targets[2].id, target",
        "prompt.chat.messages[0].role, chat",
        "prompt.text, prompt",
        "options.max_tokens, max-tokens",
        "options.forced.ids[0], force",
        "options.sampling.top_k, from-top",
        "options.sampling.temperature, temperature",
        "interventions[0].rows.layers[0].first, at-layers",
        "intervention.rows.heads[1].last, heads",
        "interventions[0].replace_from.layer, from-layer",
        "interventions[0].replace_from.source.text, from",
        "interventions[0].add.direction.token.lens, through",
        "interventions[0].project_out.direction.token.token.id, toward",
        "interventions[0].swap.from.token.token.id, toward",
        "interventions[0].swap.to.token.token.id, swap-with",
        "interventions[0].add.direction.difference.to.prompts[0].text, more",
        "interventions[0].add.largest_share, at-most",
        "metric.logit_difference.other.id, against",
        "effect.metrics[0].logit.id, target"
    })
    void hasTheNameOfTheOptionThatSetsIt(String field, String option) {
        LensException failure = new LensException(
                ErrorCode.INVALID_REQUEST,
                field + ": 9 is out of range.",
                ErrorDetail.InvalidField.of(
                        field, ErrorDetail.FieldProblem.OUT_OF_RANGE, "9", OptionalLong.empty(), OptionalLong.empty()),
                null);
        assertEquals(Optional.of(new RefusedField(option, "9 is out of range.")), RefusedField.of(failure));
    }

    @Test
    void otherFailuresAreAboutNone() {
        assertEquals(Optional.empty(), RefusedField.of(new LensException(ErrorCode.INTERNAL, "x: y")));
    }
}
