package dev.stratalens.server.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubModelTest {

    @Test
    void readsRepositoryAndRevision() {
        assertEquals(Optional.of(new HubModel("org/name", "main")), HubModel.parse("hf:org/name"));
        assertEquals(Optional.of(new HubModel("org/name", "refs/pr/3")), HubModel.parse("hf:org/name@refs/pr/3"));
        assertEquals(Optional.of(new HubModel("gpt2", "v1.0")), HubModel.parse("hf:gpt2@v1.0"));
        assertEquals("name", new HubModel("org/name", "main").name());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org/name",
                "hf:",
                "hf:/name",
                "hf:org/",
                "hf:a/b/c",
                "hf:../name",
                "hf:org/..",
                "hf:a--b/c",
                "hf:org/na me",
                "hf:org/name@",
                "hf:org/name@../../x",
                "hf:org/name@/x",
                "hf:org/name@a//b",
                "hf:org/name@a\n"
            })
    void refusesWhatIsNoRepositoryOrLeadsOutOfTheCache(String text) {
        assertEquals(Optional.empty(), HubModel.parse(text));
    }

    @Test
    void writesItselfAsItIsRead() {
        for (String text : new String[] {"hf:org/name", "hf:org/name@v2"}) {
            assertEquals(text, HubModel.parse(text).orElseThrow().toString());
        }
        assertTrue(HubModel.parse("hf:org/name@" + "a".repeat(40)).orElseThrow().isPinned());
    }
}
