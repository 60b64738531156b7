package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Status;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.v1.AddDirection;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.Chat;
import dev.stratalens.v1.EffectOptions;
import dev.stratalens.v1.FieldProblem;
import dev.stratalens.v1.GenerateRequest;
import dev.stratalens.v1.GeneratedTokens;
import dev.stratalens.v1.IndexRange;
import dev.stratalens.v1.Intervention;
import dev.stratalens.v1.InterventionRows;
import dev.stratalens.v1.InvalidField;
import dev.stratalens.v1.Lens;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.MemoryLimitExceeded;
import dev.stratalens.v1.Metric;
import dev.stratalens.v1.NotAvailable;
import dev.stratalens.v1.ProjectOut;
import dev.stratalens.v1.Prompt;
import dev.stratalens.v1.PromptRows;
import dev.stratalens.v1.PromptTooLong;
import dev.stratalens.v1.RawLens;
import dev.stratalens.v1.ReplaceFrom;
import dev.stratalens.v1.ScaleRow;
import dev.stratalens.v1.SetRow;
import dev.stratalens.v1.Site;
import dev.stratalens.v1.SkipBlock;
import dev.stratalens.v1.Statistic;
import dev.stratalens.v1.StreamDirection;
import dev.stratalens.v1.StreamVector;
import dev.stratalens.v1.SwapDirections;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TokenDirection;
import dev.stratalens.v1.TokenIds;
import dev.stratalens.v1.TrajectoryOptions;
import dev.stratalens.v1.TransportLens;
import dev.stratalens.v1.UnknownModel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bad request, as a client sees it refused. */
final class BadRequestTest {

    private static final Lens RAW =
            Lens.newBuilder().setRaw(RawLens.getDefaultInstance()).build();

    private static final RunningServer SERVER = RunningServer.start();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    static Stream<Arguments> invalidFields() {
        return Stream.of(
                refused("prompt", FieldProblem.FIELD_PROBLEM_MISSING, AnalyzeRequest.Builder::clearPrompt),
                refused(
                        "prompt.text",
                        FieldProblem.FIELD_PROBLEM_MISSING,
                        request -> request.setPrompt(Prompts.text(""))),
                refused(
                        "prompt.token_ids",
                        FieldProblem.FIELD_PROBLEM_MISSING,
                        request -> request.setPrompt(Prompts.ids(List.of()))),
                refused(
                        "prompt.token_ids.ids[1]",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        request -> request.setPrompt(Prompts.ids(List.of(0, FakeModel.VOCABULARY)))),
                refused(
                        "layers[1].last",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        request -> request.addLayers(IndexRange.newBuilder().setFirst(5))
                                .addLayers(IndexRange.newBuilder().setLast(6))),
                refused(
                        "layers[0].first",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        request -> request.addLayers(IndexRange.newBuilder().setFirst(-7))),
                refused(
                        "layers[1]",
                        FieldProblem.FIELD_PROBLEM_DUPLICATE,
                        request -> request.addLayers(
                                        IndexRange.newBuilder().setFirst(2).setLast(2))
                                .addLayers(IndexRange.getDefaultInstance())),
                refused(
                        "positions[0].first",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        request -> request.addPositions(IndexRange.newBuilder().setFirst(3))),
                refused(
                        "positions[1]",
                        FieldProblem.FIELD_PROBLEM_DUPLICATE,
                        request -> request.addPositions(IndexRange.getDefaultInstance())
                                .addPositions(
                                        IndexRange.newBuilder().setFirst(1).setLast(1))),
                refused("top_k", FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE, request -> request.setTopK(101)),
                refused(
                        "targets",
                        FieldProblem.FIELD_PROBLEM_TOO_MANY,
                        request -> request.addAllTargets(Collections.nCopies(
                                33, Target.newBuilder().setId(1).build()))),
                refused(
                        "targets[0]",
                        FieldProblem.FIELD_PROBLEM_MISSING,
                        request -> request.addTargets(Target.getDefaultInstance())),
                refused(
                        "targets[0].position_target",
                        FieldProblem.FIELD_PROBLEM_NOT_UNDERSTOOD,
                        request -> request.addTargets(Target.newBuilder().setPositionTargetValue(0))),
                refused(
                        "targets[0].position_target",
                        FieldProblem.FIELD_PROBLEM_NOT_UNDERSTOOD,
                        request -> request.addTargets(Target.newBuilder().setPositionTargetValue(99))),
                refused(
                        "targets[0].text",
                        FieldProblem.FIELD_PROBLEM_MISSING,
                        request -> request.addTargets(Target.newBuilder().setText(""))),
                refused(
                        "targets[0].id",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        request -> request.addTargets(Target.newBuilder().setId(FakeModel.VOCABULARY))),
                refused(
                        "statistics[0]",
                        FieldProblem.FIELD_PROBLEM_NOT_UNDERSTOOD,
                        request -> request.addStatistics(Statistic.STATISTIC_UNSPECIFIED)),
                refused(
                        "statistics[0]",
                        FieldProblem.FIELD_PROBLEM_NOT_UNDERSTOOD,
                        request -> request.addStatisticsValue(77)),
                refused(
                        "statistics[1]",
                        FieldProblem.FIELD_PROBLEM_DUPLICATE,
                        request -> request.addStatistics(Statistic.STATISTIC_ENTROPY)
                                .addStatistics(Statistic.STATISTIC_ENTROPY)),
                refused(
                        "trajectories.min_peak_probability",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        request -> request.setTrajectories(
                                TrajectoryOptions.newBuilder().setMinPeakProbability(Float.NaN))),
                refused(
                        "number_form",
                        FieldProblem.FIELD_PROBLEM_NOT_UNDERSTOOD,
                        request -> request.setNumberFormValue(9)),
                refused(
                        "lenses[0]",
                        FieldProblem.FIELD_PROBLEM_MISSING,
                        request -> request.addLenses(Lens.getDefaultInstance())),
                refused(
                        "lenses[1]",
                        FieldProblem.FIELD_PROBLEM_DUPLICATE,
                        request -> request.addLenses(RAW).addLenses(RAW)),
                refused(
                        "lenses",
                        FieldProblem.FIELD_PROBLEM_TOO_MANY,
                        request -> request.addAllLenses(Collections.nCopies(9, RAW))),
                refused(
                        "sites[0]",
                        FieldProblem.FIELD_PROBLEM_NOT_UNDERSTOOD,
                        request -> request.addSites(Site.SITE_UNSPECIFIED)),
                refused(
                        "sites[1]",
                        FieldProblem.FIELD_PROBLEM_DUPLICATE,
                        request -> request.addSites(Site.SITE_EMBEDDING).addSites(Site.SITE_EMBEDDING)),
                refused(
                        "targets[0].text",
                        FieldProblem.FIELD_PROBLEM_TOO_MANY,
                        request -> request.addTargets(Target.newBuilder().setText("x".repeat(4097)))),
                refused(
                        "prompt.chat.template_arguments",
                        FieldProblem.FIELD_PROBLEM_NOT_UNDERSTOOD,
                        request -> request.setPrompt(Prompt.newBuilder()
                                .setChat(Chat.newBuilder()
                                        .setTemplateArguments(Struct.newBuilder()
                                                .putFields(
                                                        "x",
                                                        Value.newBuilder()
                                                                .setNullValueValue(0)
                                                                .build()))))),
                refused(
                        "lenses[0].transport.name",
                        FieldProblem.FIELD_PROBLEM_NOT_UNDERSTOOD,
                        request -> request.addLenses(Lens.newBuilder()
                                .setTransport(TransportLens.newBuilder().setName("tuned")))),
                refused(
                        "lenses[0].transport.name",
                        FieldProblem.FIELD_PROBLEM_MISSING,
                        request ->
                                request.addLenses(Lens.newBuilder().setTransport(TransportLens.getDefaultInstance()))),
                refused(
                        "request_id",
                        FieldProblem.FIELD_PROBLEM_TOO_MANY,
                        request -> request.setRequestId("é".repeat(65))));
    }

    @ParameterizedTest
    @MethodSource("invalidFields")
    void refusesAFieldThatIsWrong(String field, FieldProblem problem, UnaryOperator<AnalyzeRequest.Builder> change) {
        InvalidField detail = refusal(change, Code.INVALID_ARGUMENT, InvalidField.class);

        assertEquals(field, detail.getField());
        assertEquals(problem, detail.getProblem());
    }

    static Stream<Arguments> notAvailable() {
        return Stream.of(
                missing("sites[0]", "site.attention-heads", request -> request.addSites(Site.SITE_ATTENTION_HEADS)),
                missing(
                        "interventions[0].rows.generated",
                        "generated",
                        request -> request.addInterventions(scaled(InterventionRows.newBuilder()
                                .setSite(Site.SITE_BLOCK_OUTPUT)
                                .setGenerated(GeneratedTokens.GENERATED_TOKENS_ALSO)))),
                missing(
                        "interventions[0].skip_block",
                        "attention-output",
                        request -> request.addInterventions(Intervention.newBuilder()
                                .setRows(InterventionRows.newBuilder().setSite(Site.SITE_ATTENTION_OUTPUT))
                                .setSkipBlock(SkipBlock.getDefaultInstance()))));
    }

    private static Intervention scaled(InterventionRows.Builder rows) {
        return Intervention.newBuilder()
                .setRows(rows)
                .setScale(ScaleRow.newBuilder().setFactor(2))
                .build();
    }

    private static Arguments intervention(String field, FieldProblem problem, Intervention.Builder intervention) {
        return Arguments.of(field, problem, (UnaryOperator<AnalyzeRequest.Builder>)
                request -> request.addInterventions(intervention));
    }

    private static Intervention.Builder at(Site site) {
        return Intervention.newBuilder().setRows(InterventionRows.newBuilder().setSite(site));
    }

    private static StreamDirection vector(Float... values) {
        return StreamDirection.newBuilder()
                .setVector(StreamVector.newBuilder().addAllValues(List.of(values)))
                .build();
    }

    static Stream<Arguments> wrongInterventions() {
        Float[] zeros = new Float[16];
        Arrays.fill(zeros, 0f);
        Float[] notNumbers = zeros.clone();
        notNumbers[3] = Float.NaN;
        Site output = Site.SITE_BLOCK_OUTPUT;
        return Stream.of(
                intervention(
                        "interventions[0].rows.site",
                        FieldProblem.FIELD_PROBLEM_NOT_UNDERSTOOD,
                        at(Site.SITE_UNSPECIFIED)),
                intervention("interventions[0]", FieldProblem.FIELD_PROBLEM_MISSING, at(output)),
                intervention(
                        "interventions[0].scale.factor",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        at(output).setScale(ScaleRow.newBuilder().setFactor(2e6f))),
                intervention(
                        "interventions[0].scale.factor",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        at(output).setScale(ScaleRow.newBuilder().setFactor(Float.NaN))),
                intervention(
                        "interventions[0].add",
                        FieldProblem.FIELD_PROBLEM_MISSING,
                        at(output).setAdd(AddDirection.newBuilder().setDirection(vector(1f)))),
                intervention(
                        "interventions[0].add.direction.vector.values",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        at(output)
                                .setAdd(AddDirection.newBuilder()
                                        .setDirection(vector(1f))
                                        .setFactor(1))),
                intervention(
                        "interventions[0].add.direction.vector",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        at(output)
                                .setAdd(AddDirection.newBuilder()
                                        .setDirection(vector(zeros))
                                        .setFactor(1))),
                intervention(
                        "interventions[0].project_out.direction.vector.values[3]",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        at(output).setProjectOut(ProjectOut.newBuilder().setDirection(vector(notNumbers)))),
                intervention(
                        "interventions[0].swap.from",
                        FieldProblem.FIELD_PROBLEM_MISSING,
                        at(output).setSwap(SwapDirections.getDefaultInstance())),
                intervention(
                        "interventions[0].set",
                        FieldProblem.FIELD_PROBLEM_MISSING,
                        at(output).setSet(SetRow.getDefaultInstance())),
                intervention(
                        "interventions[0].set.mean.prompts",
                        FieldProblem.FIELD_PROBLEM_MISSING,
                        at(output).setSet(SetRow.newBuilder().setMean(PromptRows.getDefaultInstance()))),
                intervention(
                        "interventions[0].rows.layers[0].first",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        scaled(InterventionRows.newBuilder()
                                        .setSite(output)
                                        .addLayers(IndexRange.newBuilder().setFirst(6)))
                                .toBuilder()),
                intervention(
                        "interventions[0].rows.positions",
                        FieldProblem.FIELD_PROBLEM_MISSING,
                        scaled(InterventionRows.newBuilder()
                                        .setSite(output)
                                        .setSkipFirstToken(true)
                                        .addPositions(IndexRange.newBuilder()
                                                .setFirst(0)
                                                .setLast(0)))
                                .toBuilder()),
                intervention(
                        "interventions[0].rows.heads",
                        FieldProblem.FIELD_PROBLEM_NOT_UNDERSTOOD,
                        scaled(InterventionRows.newBuilder()
                                        .setSite(output)
                                        .addHeads(IndexRange.newBuilder().setFirst(0)))
                                .toBuilder()),
                intervention(
                        "interventions[0].replace_from.positions",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        at(output)
                                .setReplaceFrom(ReplaceFrom.newBuilder()
                                        .setSource(Prompt.newBuilder()
                                                .setTokenIds(
                                                        TokenIds.newBuilder().addIds(3))))),
                intervention(
                        "interventions[0].replace_from.source.token_ids.ids[0]",
                        FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE,
                        at(output)
                                .setReplaceFrom(ReplaceFrom.newBuilder()
                                        .setSource(Prompt.newBuilder()
                                                .setTokenIds(
                                                        TokenIds.newBuilder().addIds(-3))))),
                intervention(
                        "interventions[0].add.direction.token.lens",
                        FieldProblem.FIELD_PROBLEM_NOT_UNDERSTOOD,
                        at(output)
                                .setAdd(AddDirection.newBuilder()
                                        .setFactor(1)
                                        .setDirection(StreamDirection.newBuilder()
                                                .setToken(TokenDirection.newBuilder()
                                                        .setLens("none")
                                                        .setToken(Target.newBuilder()
                                                                .setId(3)))))),
                Arguments.of(
                        "interventions", FieldProblem.FIELD_PROBLEM_MISSING, (UnaryOperator<AnalyzeRequest.Builder>)
                                request -> request.setEffect(EffectOptions.getDefaultInstance())),
                Arguments.of("effect.metrics[0]", FieldProblem.FIELD_PROBLEM_MISSING, (UnaryOperator<
                                AnalyzeRequest.Builder>)
                        request -> request.addInterventions(
                                        scaled(InterventionRows.newBuilder().setSite(output)))
                                .setEffect(EffectOptions.newBuilder().addMetrics(Metric.getDefaultInstance()))));
    }

    @ParameterizedTest
    @MethodSource("wrongInterventions")
    void refusesAnInterventionByName(String field, FieldProblem problem, UnaryOperator<AnalyzeRequest.Builder> change) {
        refusesAFieldThatIsWrong(field, problem, change);
    }

    @ParameterizedTest
    @MethodSource("notAvailable")
    void saysWhatItDoesNotHaveYet(String field, String feature, UnaryOperator<AnalyzeRequest.Builder> change) {
        NotAvailable detail = refusal(change, Code.UNIMPLEMENTED, NotAvailable.class);

        assertEquals(field, detail.getField());
        assertEquals(feature, detail.getFeature());
    }

    @Test
    void tellsNoEffectOfWhatIsGenerated() {
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class,
                () -> LensServiceGrpc.newBlockingStub(SERVER.channel())
                        .generate(GenerateRequest.newBuilder()
                                .setRequest(AnalyzeRequest.newBuilder()
                                        .setPrompt(Prompts.text("x"))
                                        .addInterventions(scaled(
                                                InterventionRows.newBuilder().setSite(Site.SITE_BLOCK_OUTPUT)))
                                        .setEffect(EffectOptions.getDefaultInstance()))
                                .build())
                        .forEachRemaining(response -> {}));

        assertEquals(Code.UNIMPLEMENTED, refused.getStatus().getCode());
        assertEquals("effect", detail(refused, NotAvailable.class).getField());
    }

    private static Arguments missing(String field, String feature, UnaryOperator<AnalyzeRequest.Builder> change) {
        return Arguments.of(field, feature, change);
    }

    @Test
    void refusesAModelThatIsNotServed() {
        UnknownModel detail = refusal(request -> request.setModel("gpt-9"), Code.NOT_FOUND, UnknownModel.class);

        assertEquals("gpt-9", detail.getName());
        assertEquals(List.of(RunningServer.MODEL), detail.getServedList());
    }

    @Test
    void refusesAPromptThatIsLongerThanTheContext() {
        PromptTooLong detail = refusal(
                request -> request.setPrompt(Prompts.text("x".repeat(FakeModel.CONTEXT))),
                Code.INVALID_ARGUMENT,
                PromptTooLong.class);

        assertEquals(FakeModel.CONTEXT + 1, detail.getTokenCount(), "BOS counts");
        assertEquals(FakeModel.CONTEXT, detail.getLimit());
    }

    @Test
    void refusesWhatNeedsMoreMemoryThanIsGranted() {
        MemoryLimitExceeded detail = refusal(
                request -> request.setPrompt(Prompts.ids(
                        IntStream.range(0, FakeModel.CONTEXT).boxed().toList())),
                Code.RESOURCE_EXHAUSTED,
                MemoryLimitExceeded.class);

        // 16 bytes for each of the 5 predictions of a cell, beside what the engine needs.
        assertEquals((1_000L + 16 * 5) * FakeModel.CONTEXT * FakeModel.BLOCKS, detail.getNeededBytes());
        assertEquals(RunningServer.MAX_REQUEST_BYTES, detail.getLimitBytes());
    }

    @Test
    void stillAnswersGoodRequestsAfterwards() {
        assertTrue(SERVER.analyze(good().build()).size() > FakeModel.BLOCKS);
    }

    private static <D extends Message> D refusal(
            UnaryOperator<AnalyzeRequest.Builder> change, Code code, Class<D> detail) {
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class,
                () -> SERVER.analyze(change.apply(good()).build()));
        assertEquals(code, refused.getStatus().getCode());
        assertEquals(
                refused.getStatus().getDescription(),
                StatusProto.fromThrowable(refused).getMessage());
        return detail(refused, detail);
    }

    private static <D extends Message> D detail(StatusRuntimeException refused, Class<D> detail) {
        Status status = StatusProto.fromThrowable(refused);
        try {
            return status.getDetails(1).unpack(detail);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError("Another detail: " + status, e);
        }
    }

    private static AnalyzeRequest.Builder good() {
        return AnalyzeRequest.newBuilder().setPrompt(Prompts.text("hi"));
    }

    private static Arguments refused(String field, FieldProblem problem, UnaryOperator<AnalyzeRequest.Builder> change) {
        return Arguments.of(field, problem, change);
    }
}
