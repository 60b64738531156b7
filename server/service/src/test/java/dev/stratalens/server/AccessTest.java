package dev.stratalens.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.fake.SelfSignedCertificate;
import dev.stratalens.server.access.control.AccessConfig;
import dev.stratalens.server.access.proof.ApiKey;
import dev.stratalens.server.access.proof.ApiKeyFile;
import dev.stratalens.server.access.proof.ApiKeyText;
import dev.stratalens.server.grpc.HealthLists;
import dev.stratalens.server.grpc.Prompts;
import dev.stratalens.server.models.ModelManagement;
import dev.stratalens.v1.AnalyzeBatchRequest;
import dev.stratalens.v1.AnalyzeBatchResponse;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.BatchPrompt;
import dev.stratalens.v1.CredentialProblem;
import dev.stratalens.v1.GenerateRequest;
import dev.stratalens.v1.GetModelRequest;
import dev.stratalens.v1.GetServerInfoRequest;
import dev.stratalens.v1.Intervention;
import dev.stratalens.v1.InterventionRows;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.LoadModelRequest;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.ModelStatus;
import dev.stratalens.v1.NotAllowed;
import dev.stratalens.v1.ServerServiceGrpc;
import dev.stratalens.v1.SetRow;
import dev.stratalens.v1.Site;
import dev.stratalens.v1.SweepRequest;
import dev.stratalens.v1.TokenizeRequest;
import dev.stratalens.v1.Unauthenticated;
import dev.stratalens.v1.UnknownModel;
import dev.stratalens.v1.ZeroRow;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Who may call, over real sockets. */
final class AccessTest {

    private static final String AUTHORIZATION = "authorization";
    private static final String API_KEY = "x-api-key";
    private static final String POLICY = """
            groups:
              lab: {may: [analyze, generate]}
              guests: {models: [open*]}
              operators: {may: [analyze, manage]}
            principals: {ann: lab, gus: guests, olga: operators, ann@example.org: lab}
            """;

    @TempDir
    Path directory;

    private Path keys;
    private Path policy;
    private String ann;
    private Optional<LensServer> server = Optional.empty();
    private Optional<ManagedChannel> channel = Optional.empty();

    @BeforeEach
    void makeFiles() throws IOException {
        keys = directory.resolve("keys.json");
        policy = Files.writeString(directory.resolve("policy.yaml"), POLICY);
        ann = newKey("ann");
    }

    @AfterEach
    void stop() {
        channel.ifPresent(ManagedChannel::shutdownNow);
        server.ifPresent(LensServer::stop);
    }

    @Test
    void answersOnlyCallersWithAKeyWhicheverWayItComes() throws IOException {
        start(new AccessConfig(true, Optional.of(keys), Optional.empty(), Optional.empty(), Optional.empty()));

        assertTrue(analyze("open", AUTHORIZATION, "Bearer " + ann));
        assertTrue(analyze("open", AUTHORIZATION, "bearer  " + ann));
        assertTrue(analyze("open", API_KEY, ann));
        assertEquals(CredentialProblem.CREDENTIAL_PROBLEM_MISSING, problem("x-other", "x"));
        assertEquals(CredentialProblem.CREDENTIAL_PROBLEM_MALFORMED, problem(AUTHORIZATION, "Basic YTpi"));
        assertEquals(CredentialProblem.CREDENTIAL_PROBLEM_MALFORMED, problem(API_KEY, ann + "x"));
        assertEquals(
                CredentialProblem.CREDENTIAL_PROBLEM_UNKNOWN,
                problem(API_KEY, ApiKeyText.random().reveal()));
        String otherSecret = ann.substring(0, 21) + ApiKeyText.random().reveal().substring(21);
        assertEquals(CredentialProblem.CREDENTIAL_PROBLEM_UNKNOWN, problem(API_KEY, otherSecret));
    }

    @Test
    void refusalsSayWhatToDoAndRepeatNoKey() throws IOException {
        start(new AccessConfig(true, Optional.of(keys), Optional.empty(), Optional.empty(), Optional.empty()));
        String unknown = ApiKeyText.random().reveal();

        StatusRuntimeException refusal =
                assertThrows(StatusRuntimeException.class, () -> analyze("open", API_KEY, unknown));

        String all = refusal.getStatus() + " " + refusal.getTrailers() + " " + StatusProto.fromThrowable(refusal);
        assertTrue(all.contains("Ask the operator"), all);
        assertFalse(all.contains(unknown.substring(21)), all);
    }

    @Test
    void everythingNeedsProofExceptHealth() throws Exception {
        start(new AccessConfig(true, Optional.of(keys), Optional.empty(), Optional.empty(), Optional.empty()));

        assertEquals(
                Code.UNAUTHENTICATED,
                code(() -> ServerServiceGrpc.newBlockingStub(channel())
                        .getServerInfo(GetServerInfoRequest.getDefaultInstance())));
        assertEquals(Code.UNAUTHENTICATED, code(() -> models().listModels(ListModelsRequest.getDefaultInstance())));
        CompletableFuture<ServerReflectionResponse> reflection = new CompletableFuture<>();
        ServerReflectionGrpc.newStub(channel())
                .serverReflectionInfo(completing(reflection))
                .onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        Exception refused = assertThrows(Exception.class, () -> reflection.get(20, TimeUnit.SECONDS));
        assertEquals(
                Code.UNAUTHENTICATED,
                assertInstanceOf(StatusRuntimeException.class, refused.getCause())
                        .getStatus()
                        .getCode());
        HealthGrpc.newBlockingStub(channel()).check(HealthCheckRequest.getDefaultInstance());
    }

    @Test
    void healthOfAModelIsForThoseWhoMaySeeIt() throws IOException {
        start(withPolicy());

        StatusRuntimeException hidden = assertThrows(StatusRuntimeException.class, () -> health("secret", ""));
        StatusRuntimeException absent = assertThrows(StatusRuntimeException.class, () -> health("absent", ""));
        health("secret", ann);

        assertEquals(Code.NOT_FOUND, hidden.getStatus().getCode());
        assertEquals(
                absent.getStatus().getDescription(),
                String.valueOf(hidden.getStatus().getDescription()).replace("secret", "absent"));
    }

    @Test
    void theListOfHealthHasTheModelsThatItsCallerMaySee() throws Exception {
        String gus = newKey("gus");
        start(withPolicy());

        assertEquals(
                Set.of("", LensServiceGrpc.SERVICE_NAME),
                HealthLists.of(channel()).keySet());
        assertEquals(
                Set.of("", "open", LensServiceGrpc.SERVICE_NAME),
                HealthLists.of(with(API_KEY, gus)).keySet());
        assertEquals(
                Set.of("", "open", "secret", LensServiceGrpc.SERVICE_NAME),
                HealthLists.of(with(API_KEY, ann)).keySet());
    }

    @Test
    void aModelThatACallerMayNotSeeDoesNotExist() throws IOException {
        String gus = newKey("gus");
        start(withPolicy());

        assertEquals(List.of("open"), listed(gus));
        assertEquals(List.of("open", "secret"), listed(ann));
        assertEquals(
                List.of("open"),
                List.copyOf(ServerServiceGrpc.newBlockingStub(with(API_KEY, gus))
                        .getServerInfo(GetServerInfoRequest.getDefaultInstance())
                        .getModelsList()));
        assertTrue(analyze("", API_KEY, gus), "the only model that there is");
        for (String name : List.of("secret", "absent")) {
            assertUnknown(name, () -> analyze(name, API_KEY, gus));
            assertUnknown(
                    name,
                    () -> models(gus)
                            .getModel(
                                    GetModelRequest.newBuilder().setModel(name).build()));
            assertUnknown(
                    name,
                    () -> models(gus)
                            .tokenize(TokenizeRequest.newBuilder()
                                    .setModel(name)
                                    .setPrompt(Prompts.text("x"))
                                    .build())
                            .forEachRemaining(answer -> {}));
        }
    }

    @Test
    void promptsOfABatchAreCheckedOneByOneForTheCallerOfTheBatch() throws Exception {
        String gus = newKey("gus");
        start(withPolicy());
        BlockingQueue<AnalyzeBatchResponse> answers = new LinkedBlockingQueue<>();
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        StreamObserver<AnalyzeBatchRequest> batch = LensServiceGrpc.newStub(with(API_KEY, gus))
                .analyzeBatch(new StreamObserver<>() {
                    @Override
                    public void onNext(AnalyzeBatchResponse answer) {
                        answers.add(answer);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        over.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        over.complete(true);
                    }
                });
        // More than the window, so that later prompts begin on other threads than those of the call.
        for (int tag = 0; tag < 80; tag++) {
            batch.onNext(AnalyzeBatchRequest.newBuilder()
                    .setPrompt(
                            BatchPrompt.newBuilder().setTag(tag).setRequest(request(tag % 2 == 0 ? "open" : "secret")))
                    .build());
        }
        batch.onCompleted();

        assertTrue(over.get(60, TimeUnit.SECONDS));
        List<AnalyzeBatchResponse> errors =
                answers.stream().filter(AnalyzeBatchResponse::hasError).toList();
        assertEquals(40, errors.size());
        for (AnalyzeBatchResponse error : errors) {
            assertEquals(1, error.getError().getTag() % 2);
            assertEquals(Code.NOT_FOUND.value(), error.getError().getStatus().getCode());
        }
    }

    @Test
    void aRightThatIsMissingIsNamed() throws Exception {
        String olga = newKey("olga");
        start(withPolicy());
        LoadModelRequest load = LoadModelRequest.newBuilder().setModel("open").build();

        models(olga).loadModel(load).forEachRemaining(answer -> {});
        StatusRuntimeException refusal = assertThrows(
                StatusRuntimeException.class, () -> models(ann).loadModel(load).hasNext());

        assertEquals(Code.PERMISSION_DENIED, refusal.getStatus().getCode());
        assertEquals(
                NotAllowed.newBuilder().setRight("manage").setModel("open").build(), detail(refusal, NotAllowed.class));
        String stranger = newKey("someone");
        await(() -> code(() -> listed(stranger)) == Code.PERMISSION_DENIED);
    }

    /** Who may only read a model may not change what it computes, alone, as it writes or in a sweep. */
    @Test
    void toInterveneIsARightOfItsOwn() throws IOException {
        start(withPolicy());
        LensServiceGrpc.LensServiceBlockingStub lens =
                LensServiceGrpc.newBlockingStub(with(API_KEY, ann)).withDeadlineAfter(20, TimeUnit.SECONDS);
        Intervention zero = Intervention.newBuilder()
                .setRows(InterventionRows.newBuilder().setSite(Site.SITE_BLOCK_OUTPUT))
                .setSet(SetRow.newBuilder().setZero(ZeroRow.getDefaultInstance()))
                .build();
        SweepRequest sweep =
                SweepRequest.newBuilder().setModel("open").setIntervention(zero).build();

        for (Executable call : List.<Executable>of(
                () -> lens.analyze(request("open").toBuilder()
                                .addInterventions(zero)
                                .build())
                        .hasNext(),
                () -> lens.generate(GenerateRequest.newBuilder()
                                .setRequest(request("open").toBuilder().addInterventions(zero))
                                .build())
                        .hasNext(),
                () -> lens.sweep(sweep).hasNext())) {
            StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, call);
            assertEquals(Code.PERMISSION_DENIED, refusal.getStatus().getCode());
            assertEquals("intervene", detail(refusal, NotAllowed.class).getRight());
        }
    }

    @Test
    void keysAndPolicyAreReadAgainWhenTheyChange() throws Exception {
        start(withPolicy());
        assertEquals(List.of("open", "secret"), listed(ann));

        String late = newKey("gus");
        await(() -> code(() -> listed(late)) == Code.OK);
        Files.writeString(policy, POLICY.replace("ann: lab", "ann: guests"));
        await(() -> listed(ann).equals(List.of("open")));
        Files.delete(keys);
        String again = newKey("gus");
        await(() -> code(() -> listed(ann)) == Code.UNAUTHENTICATED);
        assertEquals(List.of("open"), listed(again));
    }

    @Test
    void aKeyEndsWhenItExpires() throws IOException {
        ApiKeyText key = ApiKeyText.random();
        new ApiKeyFile(keys)
                .change(all -> all.with(ApiKey.of(
                        key,
                        "ann",
                        Instant.now().minusSeconds(60),
                        Optional.of(Instant.now().minusSeconds(1)))));
        start(withPolicy());

        assertEquals(CredentialProblem.CREDENTIAL_PROBLEM_EXPIRED, problem(API_KEY, key.reveal()));
    }

    @Test
    void aClientCertificateNamesItsCallerAndKeysWorkBesideIt() throws Exception {
        SelfSignedCertificate own = SelfSignedCertificate.in(directory.resolve("own"));
        SelfSignedCertificate client =
                SelfSignedCertificate.named("CN=x", "email:ann@example.org", directory.resolve("client"));
        SelfSignedCertificate foreign =
                SelfSignedCertificate.named("CN=x", "email:ann@example.org", directory.resolve("foreign"));
        Path authorities = Files.copy(client.certificate(), directory.resolve("clients.pem"));
        start(
                new AccessConfig(
                        true, Optional.of(keys), Optional.of(policy), Optional.empty(), Optional.of(authorities)),
                own);

        connect(tls(own).keyManager(client.certificate().toFile(), client.key().toFile())
                .build());
        assertEquals(List.of("open", "secret"), listed());
        connect(tls(own).build());
        assertEquals(List.of("open", "secret"), listed(ann));
        assertEquals(Code.UNAUTHENTICATED, code(this::listed));
        connect(tls(own).keyManager(
                        foreign.certificate().toFile(), foreign.key().toFile())
                .build());
        assertEquals(Code.UNAVAILABLE, code(this::listed));

        Files.copy(foreign.certificate(), authorities, StandardCopyOption.REPLACE_EXISTING);
        await(() -> {
            connect(tls(own).keyManager(
                            foreign.certificate().toFile(), foreign.key().toFile())
                    .build());
            return code(this::listed) == Code.OK;
        });
    }

    @Test
    void certificatesAreExchangedWithoutEndingACall() throws Exception {
        SelfSignedCertificate first = SelfSignedCertificate.in(directory.resolve("first"));
        SelfSignedCertificate second = SelfSignedCertificate.in(directory.resolve("second"));
        SelfSignedCertificate used = new SelfSignedCertificate(
                Files.copy(first.certificate(), directory.resolve("cert.pem")),
                Files.copy(first.key(), directory.resolve("key.pem")));
        start(AccessConfig.OPEN, used);
        connect(tls(first).build());
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        ManagedChannel old = channel();
        StreamObserver<AnalyzeBatchRequest> running = LensServiceGrpc.newStub(old)
                .analyzeBatch(new StreamObserver<>() {
                    @Override
                    public void onNext(AnalyzeBatchResponse answer) {}

                    @Override
                    public void onError(Throwable failure) {
                        over.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        over.complete(true);
                    }
                });

        // The certificate alone does not fit the key: until both are there, the old ones stay.
        Files.copy(second.certificate(), used.certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(second.key(), used.key(), StandardCopyOption.REPLACE_EXISTING);
        channel = Optional.empty();
        await(() -> {
            connect(tls(second).build());
            return code(this::listed) == Code.OK;
        });
        running.onNext(AnalyzeBatchRequest.newBuilder()
                .setPrompt(BatchPrompt.newBuilder().setTag(1).setRequest(request("open")))
                .build());
        running.onCompleted();

        assertTrue(over.get(20, TimeUnit.SECONDS));
        old.shutdownNow();
    }

    @Test
    void aKeyThatCannotBeReadLeavesTheOldOneInForce() throws Exception {
        SelfSignedCertificate own = SelfSignedCertificate.in(directory.resolve("own"));
        String key = Files.readString(own.key());
        start(AccessConfig.OPEN, own);
        try (LoggedLines log = LoggedLines.collect()) {
            for (String bad : List.of("", "-----BEGIN PRIVATE KEY-----\nA=B\n-----END PRIVATE KEY-----\n")) {
                Files.writeString(own.key(), bad);
                log.await(line -> line.startsWith("tls-key: " + own.key())
                        && line.contains(bad.isEmpty() ? "has no private key" : "is not the key"));
                connect(tls(own).build());
                assertEquals(Code.OK, code(this::listed));
            }
            Files.writeString(own.key(), key);
            log.await(line -> line.startsWith("Read again after a change"));
        }
        connect(tls(own).build());
        assertEquals(Code.OK, code(this::listed));
    }

    @Test
    void refusesTls11() throws Exception {
        start(AccessConfig.OPEN, SelfSignedCertificate.in(directory.resolve("own")));
        // A ClientHello of TLS 1.1 with TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA and its groups.
        byte[] hello = HexFormat.of()
                .parseHex("1603010037" + "01000033" + "0302" + "00".repeat(32) + "00" + "0002c009" + "0100" + "0008"
                        + "000a00040002" + "0017");
        try (Socket socket = new Socket("localhost", port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(hello);
            DataInputStream answer = new DataInputStream(socket.getInputStream());
            assertEquals(21, answer.read(), "an alert");
            answer.skipNBytes(5);
            assertTrue(List.of(40, 47, 50, 70).contains(answer.read()), "refused");
        }
    }

    @Test
    void filesThatCannotBeUsedKeepTheServerFromStarting() throws Exception {
        Path absent = directory.resolve("absent");
        assertTrue(refusal(new AccessConfig(
                        true, Optional.of(absent), Optional.empty(), Optional.empty(), Optional.empty()))
                .contains("stratalens keys add --file " + absent));
        Files.writeString(policy, "groups: {lab: {may: [dance]}}\n");
        assertEquals(
                policy + ":1: may: \"dance\" is no right; allowed: see, analyze, generate, intervene, manage.",
                refusal(withPolicy()));
    }

    private String refusal(AccessConfig access) {
        LensServer refused = builder().access(access).listen(0).build();
        return String.valueOf(assertThrows(IOException.class, refused::start).getMessage());
    }

    private AccessConfig withPolicy() {
        return new AccessConfig(true, Optional.of(keys), Optional.of(policy), Optional.empty(), Optional.empty());
    }

    private String newKey(String principal) throws IOException {
        ApiKeyText key = ApiKeyText.random();
        new ApiKeyFile(keys).change(all -> all.with(ApiKey.of(key, principal, Instant.now(), Optional.empty())));
        return key.reveal();
    }

    private static LensServerBuilder builder() {
        return LensServer.builder(List.of("open", "secret"), (name, listener) -> FakeLensEngine.named(name))
                .management(ModelManagement.ALLOWED);
    }

    private void start(AccessConfig access) throws IOException {
        LensServer started = builder().access(access).listen(0).build();
        server = Optional.of(started);
        started.start();
        connect(InsecureChannelCredentials.create());
    }

    private void start(AccessConfig access, SelfSignedCertificate own) throws IOException {
        LensServer started = builder()
                .access(access)
                .listen("localhost", 0, new TransportSecurity.Tls(own.certificate(), own.key(), access.clientCa()))
                .build();
        server = Optional.of(started);
        started.start();
    }

    private int port() {
        return server.orElseThrow().port().orElseThrow();
    }

    private static TlsChannelCredentials.Builder tls(SelfSignedCertificate trusted) throws IOException {
        return TlsChannelCredentials.newBuilder()
                .trustManager(trusted.certificate().toFile());
    }

    private void connect(ChannelCredentials credentials) {
        channel.ifPresent(ManagedChannel::shutdownNow);
        channel = Optional.of(
                NettyChannelBuilder.forAddress("localhost", port(), credentials).build());
    }

    private ManagedChannel channel() {
        return channel.orElseThrow();
    }

    private io.grpc.Channel with(String header, String value) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), value);
        return ClientInterceptors.intercept(channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private ModelServiceGrpc.ModelServiceBlockingStub models() {
        return ModelServiceGrpc.newBlockingStub(channel()).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private ModelServiceGrpc.ModelServiceBlockingStub models(String key) {
        return ModelServiceGrpc.newBlockingStub(with(API_KEY, key)).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private List<String> listed() {
        return names(models());
    }

    private List<String> listed(String key) {
        return names(models(key));
    }

    private static List<String> names(ModelServiceGrpc.ModelServiceBlockingStub models) {
        return models.listModels(ListModelsRequest.getDefaultInstance()).getModelsList().stream()
                .map(ModelStatus::getName)
                .toList();
    }

    private void health(String model, String key) {
        HealthGrpc.newBlockingStub(key.isEmpty() ? channel() : with(API_KEY, key))
                .check(HealthCheckRequest.newBuilder().setService(model).build());
    }

    private static AnalyzeRequest request(String model) {
        return AnalyzeRequest.newBuilder()
                .setModel(model)
                .setPrompt(Prompts.text("hello"))
                .build();
    }

    private boolean analyze(String model, String header, String value) {
        boolean[] complete = new boolean[1];
        LensServiceGrpc.newBlockingStub(with(header, value))
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .analyze(request(model))
                .forEachRemaining(message -> complete[0] |=
                        message.getEvents(message.getEventsCount() - 1).hasSummary());
        return complete[0];
    }

    private CredentialProblem problem(String header, String value) {
        StatusRuntimeException refusal =
                assertThrows(StatusRuntimeException.class, () -> analyze("open", header, value));
        assertEquals(Code.UNAUTHENTICATED, refusal.getStatus().getCode());
        return detail(refusal, Unauthenticated.class).getProblem();
    }

    private static <M extends com.google.protobuf.Message> M detail(StatusRuntimeException failure, Class<M> type) {
        try {
            for (Any any :
                    Objects.requireNonNull(StatusProto.fromThrowable(failure)).getDetailsList()) {
                if (any.is(type)) {
                    return any.unpack(type);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("no " + type + " in " + failure);
    }

    private interface Call {
        void run() throws IOException;
    }

    private static Code code(Call call) {
        try {
            call.run();
            return Code.OK;
        } catch (StatusRuntimeException failure) {
            return failure.getStatus().getCode();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertUnknown(String name, Call call) {
        StatusRuntimeException failure = assertThrows(StatusRuntimeException.class, call::run);
        assertEquals(
                UnknownModel.newBuilder().setName(name).addServed("open").build(), detail(failure, UnknownModel.class));
        assertFalse(String.valueOf(failure.getStatus().getDescription())
                .replace("\"secret\"", "")
                .contains("secret"));
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    /** Within the time in which a changed file has to be noticed, and much more for a slow machine. */
    private static void await(Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, "it never came true");
            // Each look is a call, and some are a handshake: without a pause, they take the core that others need.
            Thread.sleep(20);
        }
    }

    private static StreamObserver<ServerReflectionResponse> completing(
            CompletableFuture<ServerReflectionResponse> future) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ServerReflectionResponse response) {
                future.complete(response);
            }

            @Override
            public void onError(Throwable failure) {
                future.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {}
        };
    }
}
