package dev.stratalens.server.access.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.access.Grant;
import dev.stratalens.server.access.Principal;
import dev.stratalens.server.access.Principal.Proof;
import dev.stratalens.server.access.Quota;
import dev.stratalens.server.access.Right;
import dev.stratalens.server.error.NotAllowedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyFileTest {

    @TempDir
    Path directory;

    @Test
    void readsEverythingThatAGroupMayHave() throws IOException {
        Policy policy = read("""
                groups:
                  students:
                    models: [smol, "org/*-base"]
                    may: [analyze, manage]
                    limits:
                      requests-per-minute: 60
                      tokens-per-minute: 100000
                      in-flight: 4
                      queue-share: 25%
                      prompt-tokens: 2048
                      answer-cells: 5000000
                      weight: 3
                  staff: {}
                principals:
                  ann: students
                  "bob@example.org": staff
                """);

        Grant ann = policy.grant(named("ann"));
        assertEquals(Set.of(Right.SEE, Right.ANALYZE, Right.MANAGE), ann.rights());
        assertEquals(
                new Quota(
                        OptionalInt.of(60),
                        OptionalLong.of(100_000),
                        OptionalInt.of(4),
                        OptionalDouble.of(0.25),
                        OptionalInt.of(2048),
                        OptionalLong.of(5_000_000),
                        3),
                ann.quota());
        assertTrue(ann.allows(Right.ANALYZE, "org/x-base"));
        assertFalse(ann.allows(Right.ANALYZE, "org/x-chat"));
        assertFalse(ann.allows(Right.GENERATE, "smol"));
        Grant bob = policy.grant(named("bob@example.org"));
        assertEquals(Set.of(Right.SEE, Right.ANALYZE, Right.GENERATE, Right.INTERVENE), bob.rights());
        assertEquals(List.of("*"), bob.models());
        assertEquals(Quota.UNLIMITED, bob.quota());
    }

    @Test
    void theExampleFileIsAPolicy() throws IOException {
        Policy example = PolicyFile.read(Path.of("../../deploy/access-policy.yaml"));

        assertEquals(
                Set.of(Right.SEE, Right.ANALYZE), example.grant(named("ann")).rights());
        assertTrue(example.grant(named("olga")).allows(Right.MANAGE, "demo"));
        assertFalse(example.grant(named("eve")).allows(Right.ANALYZE, "demo"));
    }

    @Test
    void theDefaultGroupIsForEverybodyElse() throws IOException {
        Policy open = read("groups: {default: {may: [see]}}");
        assertEquals(Set.of(Right.SEE), open.grant(named("anybody")).rights());
        assertEquals(Set.of(Right.SEE), open.grant(Principal.ANONYMOUS).rights());

        Policy closed = read("groups: {lab: {}}\nprincipals: {ann: lab}");
        NotAllowedException refusal = assertThrows(NotAllowedException.class, () -> closed.grant(named("eve")));
        assertTrue(refusal.getMessage().contains("no group for \"eve\""), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 1: the policy is empty; give groups.",
                "'principals: {ann: lab}' | 1: the policy has no groups.",
                "'groups: [a]' | 1: groups must be keys with values, one a line.",
                "'groups: {lab: {}}\nroles: {}' | 2: the policy has no key \"roles\"; allowed: groups, principals.",
                "'groups:\n  lab:\n    limit: {}' | 3: group lab has no key \"limit\"; allowed: limits, may, models.",
                "'groups:\n  lab: {}\n  lab: {}' | 3: lab is given twice.",
                "'groups: {lab: {}}\nprincipals:\n  ann: labs' | 3: \"ann\" must be in one of the groups lab.",
                "'groups:\n  lab:\n    models: smol' | 3: models must be a list, such as [a, b].",
                "'groups:\n  lab:\n    limits: {weight: 0}' | 3: weight: \"0\" is not allowed; allowed: a whole number from 1 to 1000.",
                "'groups:\n  lab:\n    limits: {queue-share: 0.5}' | 3: queue-share: \"0.5\" is not allowed; allowed: a share from 1% to 100%.",
                "'groups:\n  lab:\n    limits: {requests: 5}' | 3: limits has no key \"requests\"; allowed: answer-cells, in-flight, prompt-tokens, queue-share, requests-per-minute, tokens-per-minute, weight."
            })
    void aFaultIsNamedWithItsLine(String text, String fault) {
        IOException refusal = assertThrows(IOException.class, () -> read(text));

        assertTrue(
                String.valueOf(refusal.getMessage())
                        .lines()
                        .anyMatch((directory.resolve("policy.yaml") + ":" + fault)::equals),
                refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "requests-per-minute, 0, a whole number from 1 to 2147483647",
        "tokens-per-minute, 0, a whole number from 1 to 1000000000000",
        "in-flight, 00, a whole number from 1 to 2147483647",
        "queue-share, 0%, a share from 1% to 100%",
        "prompt-tokens, 0, a whole number from 1 to 2147483647",
        "answer-cells, 0, a whole number from 1 to 1000000000000"
    })
    void aLimitOfNothingIsRefusedWithWhatToWriteInstead(String key, String none, String allowed) {
        String fault =
                "3: %s: \"%s\" is not allowed; allowed: %s. Leave it out for no limit; take rights or models away to allow nothing.";

        aFaultIsNamedWithItsLine(
                "groups:\n  lab:\n    limits: {%s: %s}".formatted(key, none), fault.formatted(key, none, allowed));
    }

    @Test
    void whatIsNoYamlIsRefusedWithItsLine() {
        IOException refusal = assertThrows(IOException.class, () -> read("groups:\n  a: ["));

        assertTrue(String.valueOf(refusal.getMessage()).contains("policy.yaml:"), refusal.getMessage());
        assertTrue(String.valueOf(refusal.getMessage()).contains("this is no YAML"), refusal.getMessage());
    }

    @Test
    void whatNestsTooDeeplyIsRefused() {
        IOException refusal = assertThrows(IOException.class, () -> read("[".repeat(100_000)));

        assertTrue(String.valueOf(refusal.getMessage()).contains("nests too deeply"), refusal.getMessage());
    }

    private Policy read(String text) throws IOException {
        return PolicyFile.read(Files.writeString(directory.resolve("policy.yaml"), text));
    }

    private static Principal named(String name) {
        return new Principal(name, Proof.API_KEY);
    }
}
