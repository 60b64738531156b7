package dev.stratalens.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.LensTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetSyntaxTest {

    @Test
    void readsEveryKind() {
        assertEquals(LensTarget.nextToken(), TargetSyntax.parse("next"));
        assertEquals(LensTarget.finalTop(), TargetSyntax.parse("final-top"));
        assertEquals(LensTarget.id(464), TargetSyntax.parse("id:464"));
        assertEquals(LensTarget.text(" Paris"), TargetSyntax.parse("text: Paris"));
        assertEquals(LensTarget.text(" Paris"), TargetSyntax.parse(" Paris"));
    }

    @Test
    void textOpensTheWayToWordsThatLookLikeKinds() {
        assertEquals(LensTarget.text("next"), TargetSyntax.parse("text:next"));
        assertEquals(LensTarget.text("id:4"), TargetSyntax.parse("text:id:4"));
        assertEquals(LensTarget.text("Next"), TargetSyntax.parse("Next"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "next",
                "final-top",
                "id:7",
                " Paris",
                "Next",
                "next one",
                "text:next",
                "text:id:4",
                "text:text:x"
            })
    void aTargetIsWrittenAsItIsTyped(String argument) {
        assertEquals(argument, TargetSyntax.text(TargetSyntax.parse(argument)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text:", "id:", "id:-1", "id:x", "id:99999999999"})
    void refusesWhatNamesNoToken(String argument) {
        assertThrows(CliException.class, () -> TargetSyntax.parse(argument));
    }
}
