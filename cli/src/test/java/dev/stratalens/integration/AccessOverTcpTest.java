package dev.stratalens.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensClientBuilder;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.ErrorDetail.CredentialProblem;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.GenerateOptions;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.server.access.control.AccessConfig;
import dev.stratalens.server.access.proof.ApiKey;
import dev.stratalens.server.access.proof.ApiKeyFile;
import dev.stratalens.server.access.proof.ApiKeyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client's keys against a server that asks for them. */
class AccessOverTcpTest {

    private static final LensRequest REQUEST =
            LensRequest.of("The capital of France is").build();

    @TempDir
    Path directory;

    @Test
    void keysOpenTheServerAndFailuresSayWhatIsWrong() throws IOException {
        Path keys = directory.resolve("keys.json");
        String ann = newKey(keys, "ann");
        String gus = newKey(keys, "gus");
        String rae = newKey(keys, "rae");
        Path policy = Files.writeString(directory.resolve("policy.yaml"), """
                groups: {lab: {}, readers: {may: [see, analyze]}, guests: {may: [see]}}
                principals: {ann: lab, rae: readers, gus: guests}
                """);
        try (DemoServer server = DemoServer.with(
                new AccessConfig(true, Optional.of(keys), Optional.of(policy), Optional.empty(), Optional.empty()))) {
            try (LensClient client = client(server, builder -> builder.apiKey(() -> ann))) {
                assertFalse(client.analyze(REQUEST).layers().isEmpty());
            }
            try (LensClient client = client(server, builder -> builder.bearerToken(() -> ann))) {
                assertEquals(List.of("demo"), client.serverInfo().models());
            }
            try (LensClient client = client(server, builder -> builder.apiKey(() -> rae))) {
                assertFalse(client.analyze(REQUEST).layers().isEmpty());
                LensException refusal =
                        assertThrows(LensException.class, () -> client.generate(REQUEST, GenerateOptions.defaults()));
                assertEquals(Optional.of(ErrorDetail.NotAllowed.of("generate", "demo")), refusal.detail());
            }
            try (LensClient client = client(server, builder -> builder.apiKey(() -> gus))) {
                assertEquals("demo", client.model("demo").name());
                assertFailure(client, ErrorCode.NOT_ALLOWED, ErrorDetail.NotAllowed.of("analyze", "demo"));
            }
            String unknown = ApiKeyText.random().reveal();
            try (LensClient client = client(server, builder -> builder.apiKey(() -> unknown))) {
                assertFailure(client, ErrorCode.UNAUTHENTICATED, unauthenticated(CredentialProblem.UNKNOWN));
            }
            try (LensClient client = client(server, builder -> builder)) {
                assertFailure(client, ErrorCode.UNAUTHENTICATED, unauthenticated(CredentialProblem.MISSING));
            }
        }
    }

    private static ErrorDetail unauthenticated(CredentialProblem problem) {
        return ErrorDetail.Unauthenticated.of(problem);
    }

    private static void assertFailure(LensClient client, ErrorCode code, ErrorDetail detail) {
        LensException failure = assertThrows(LensException.class, () -> client.analyze(REQUEST));
        assertEquals(code, failure.code());
        assertEquals(Optional.of(detail), failure.detail());
    }

    private static LensClient client(DemoServer server, UnaryOperator<LensClientBuilder> key) {
        return key.apply(LensClient.builder("localhost:" + server.port()).usePlaintext())
                .build();
    }

    private static String newKey(Path file, String principal) throws IOException {
        ApiKeyText key = ApiKeyText.random();
        new ApiKeyFile(file).change(all -> all.with(ApiKey.of(key, principal, Instant.now(), Optional.empty())));
        return key.reveal();
    }
}
