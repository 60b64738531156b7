package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Status;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.Chat;
import dev.stratalens.v1.EffectOptions;
import dev.stratalens.v1.FieldProblem;
import dev.stratalens.v1.GenerateRequest;
import dev.stratalens.v1.IndexRange;
import dev.stratalens.v1.Intervention;
import dev.stratalens.v1.InvalidField;
import dev.stratalens.v1.Lens;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.MemoryLimitExceeded;
import dev.stratalens.v1.NotAvailable;
import dev.stratalens.v1.Prompt;
import dev.stratalens.v1.PromptTooLong;
import dev.stratalens.v1.RawLens;
import dev.stratalens.v1.Site;
import dev.stratalens.v1.Statistic;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TrajectoryOptions;
import dev.stratalens.v1.TransportLens;
import dev.stratalens.v1.UnknownModel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
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
                        "interventions",
                        "intervention",
                        request -> request.addInterventions(Intervention.getDefaultInstance())),
                missing("effect", "intervention", request -> request.setEffect(EffectOptions.getDefaultInstance())));
    }

    @ParameterizedTest
    @MethodSource("notAvailable")
    void saysWhatItDoesNotHaveYet(String field, String feature, UnaryOperator<AnalyzeRequest.Builder> change) {
        NotAvailable detail = refusal(change, Code.UNIMPLEMENTED, NotAvailable.class);

        assertEquals(field, detail.getField());
        assertEquals(feature, detail.getFeature());
    }

    @Test
    void hasNoGenerationYet() {
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class,
                () -> LensServiceGrpc.newBlockingStub(SERVER.channel())
                        .generate(GenerateRequest.getDefaultInstance())
                        .hasNext());

        assertEquals(Code.UNIMPLEMENTED, refused.getStatus().getCode());
        assertTrue(StatusProto.fromThrowable(refused).getDetails(1).is(NotAvailable.class));
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
        Status status = StatusProto.fromThrowable(refused);
        assertEquals(refused.getStatus().getDescription(), status.getMessage());
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
