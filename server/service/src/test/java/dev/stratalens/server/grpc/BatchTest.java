package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.FieldProblem;
import dev.stratalens.v1.InvalidField;
import dev.stratalens.v1.PromptTooLong;
import dev.stratalens.v1.Statistic;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TrajectoryOptions;
import dev.stratalens.v1.UnknownModel;
import io.grpc.Status.Code;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client of a batch receives. */
final class BatchTest {

    private static final AnalyzeRequest REQUEST =
            AnalyzeRequest.newBuilder().setPrompt(Prompts.text("hello")).build();
    private static final AnalyzeRequest OTHER = AnalyzeRequest.newBuilder()
            .setPrompt(Prompts.text("hi you"))
            .setTopK(7)
            .addTargets(Target.newBuilder().setText(" Paris"))
            .setTrajectories(TrajectoryOptions.getDefaultInstance())
            .build();

    private final RunningServer server = RunningServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void eachPromptGetsWhatAnalyzeGives() throws InterruptedException {
        BatchClient batch = BatchClient.open(server.lens())
                .readAll()
                .send(7, REQUEST)
                .send(3, OTHER)
                .halfClose();

        assertEquals(Code.OK, batch.awaitStatus().getCode());
        assertEquals(Set.of(3L, 7L), batch.tags());
        assertEquals(results(server.analyze(REQUEST)), results(batch.events(7)));
        assertEquals(results(server.analyze(OTHER)), results(batch.events(3)));
        assertEquals(2, batch.completeCount());
    }

    @Test
    void sendsNoMoreProgressForManyPromptsThanForOne() throws InterruptedException {
        try (RunningServer inNoTime = RunningServer.start(settings -> settings.streamsClock(() -> 0))) {
            BatchClient batch = BatchClient.open(inNoTime.lens())
                    .readAll()
                    .sendMany(30, REQUEST)
                    .halfClose();

            assertEquals(Code.OK, batch.awaitStatus().getCode());
            assertEquals(
                    1,
                    batch.tags().stream()
                            .map(batch::events)
                            .flatMap(List::stream)
                            .filter(Event::hasProgress)
                            .count());
        }
    }

    @Test
    void aBatchOfNothingEndsWell() throws InterruptedException {
        BatchClient batch = BatchClient.open(server.lens()).readAll().halfClose();

        assertEquals(Code.OK, batch.awaitStatus().getCode());
    }

    @Test
    void badPromptsFailAloneWithTheDetailsOfAnalyze() throws Exception {
        BatchClient batch = BatchClient.open(server.lens())
                .readAll()
                .send(0, REQUEST)
                .send(1, AnalyzeRequest.getDefaultInstance())
                .send(2, REQUEST.toBuilder().setModel("other").build())
                .send(
                        3,
                        REQUEST.toBuilder()
                                .setPrompt(Prompts.text("x".repeat(100)))
                                .build())
                .send(4, REQUEST)
                .halfClose();

        assertEquals(Code.OK, batch.awaitStatus().getCode());
        assertEquals(Set.of(0L, 4L), batch.tags());
        assertEquals(2, batch.completeCount());
        assertEquals(Set.of(1L, 2L, 3L), batch.failedTags());
        assertEquals(
                "prompt",
                batch.error(1).getDetails(1).unpack(InvalidField.class).getField());
        assertEquals(
                List.of(RunningServer.MODEL),
                batch.error(2).getDetails(1).unpack(UnknownModel.class).getServedList());
        assertEquals(
                101, batch.error(3).getDetails(1).unpack(PromptTooLong.class).getTokenCount());
        assertEquals(Code.NOT_FOUND.value(), batch.error(2).getCode());
    }

    @Test
    void aFaultOfTheServerFailsOnePromptAfterTheOther() throws InterruptedException {
        server.engine().failWith(new IllegalStateException("secret /home/someone/model"));
        BatchClient batch =
                BatchClient.open(server.lens()).readAll().sendMany(3, REQUEST).halfClose();

        assertEquals(Code.OK, batch.awaitStatus().getCode());
        assertEquals(3, batch.failedTags().size());
        assertEquals(Code.INTERNAL.value(), batch.error(2).getCode());
        assertFalse(batch.error(0).toString().contains("secret"), batch.error(0).toString());
    }

    @Test
    void aTagUsedTwiceFailsTheStreamAndStopsItsWork() throws InterruptedException, InvalidProtocolBufferException {
        Pause pause = server.engine().pauseRuns();
        BatchClient batch = BatchClient.open(server.lens()).readAll().sendMany(2, REQUEST);
        pause.awaitReached();
        server.engine().pauseNoMore();

        batch.send(1, OTHER);

        assertEquals(Code.INVALID_ARGUMENT, batch.awaitStatus().getCode());
        InvalidField detail =
                StatusProto.fromThrowable(batch.failure()).getDetails(1).unpack(InvalidField.class);
        assertEquals("prompt.tag", detail.getField());
        assertEquals("1", detail.getGiven());
        assertEquals(FieldProblem.FIELD_PROBLEM_DUPLICATE, detail.getProblem());
        List<Event> next = server.analyze(OTHER);
        assertTrue(next.get(next.size() - 1).hasSummary(), "the engine does not hold the first prompt any more");
    }

    @Test
    void aTagMayNotBeUsedAgainAfterItsAnswer() throws InterruptedException {
        BatchClient batch = BatchClient.open(server.lens()).readAll().send(1, REQUEST);
        batch.awaitSummary();

        batch.send(1, REQUEST);

        assertEquals(Code.INVALID_ARGUMENT, batch.awaitStatus().getCode());
    }

    @Test
    void saysItsWindowFirst() throws InterruptedException {
        BatchClient batch = BatchClient.open(server.lens()).readAll().halfClose();

        assertEquals(RunningServer.BATCH_WINDOW, batch.next().getStarted().getWindow());
        assertEquals(Code.OK, batch.awaitStatus().getCode());
    }

    @Test
    void defaultsHoldForWhatAPromptDoesNotSay() throws InterruptedException {
        AnalyzeRequest defaults = OTHER.toBuilder()
                .addTargets(Target.newBuilder().setId(3))
                .addStatistics(Statistic.STATISTIC_ENTROPY)
                .build();
        AnalyzeRequest own = AnalyzeRequest.newBuilder()
                .setPrompt(Prompts.text("hello"))
                .setTopK(2)
                .addTargets(Target.newBuilder().setId(9))
                .build();
        BatchClient batch = BatchClient.open(server.lens())
                .readAll()
                .sendDefaults(defaults)
                .send(1, own)
                .send(
                        2,
                        AnalyzeRequest.newBuilder()
                                .setPrompt(Prompts.text("you"))
                                .build())
                .halfClose();

        assertEquals(Code.OK, batch.awaitStatus().getCode());
        AnalyzeRequest first = own.toBuilder()
                .addStatistics(Statistic.STATISTIC_ENTROPY)
                .setTrajectories(TrajectoryOptions.getDefaultInstance())
                .build();
        AnalyzeRequest second =
                defaults.toBuilder().setPrompt(Prompts.text("you")).build();
        assertEquals(results(server.analyze(first)), results(batch.events(1)));
        assertEquals(results(server.analyze(second)), results(batch.events(2)));
    }

    @Test
    void laterDefaultsHoldForTheLaterPromptsAlone() throws InterruptedException {
        AnalyzeRequest bare =
                AnalyzeRequest.newBuilder().setPrompt(Prompts.text("hello")).build();
        AnalyzeRequest defaults = AnalyzeRequest.newBuilder()
                .setTopK(2)
                .setModel(REQUEST.getModel())
                .build();
        BatchClient batch = BatchClient.open(server.lens())
                .readAll()
                .send(1, bare)
                .sendDefaults(defaults)
                .send(2, bare)
                .sendDefaults(AnalyzeRequest.getDefaultInstance())
                .send(3, bare)
                .halfClose();

        assertEquals(Code.OK, batch.awaitStatus().getCode());
        assertEquals(results(server.analyze(bare)), results(batch.events(1)));
        assertEquals(results(server.analyze(bare.toBuilder().setTopK(2).build())), results(batch.events(2)));
        assertEquals(results(server.analyze(bare)), results(batch.events(3)));
    }

    @Test
    void aPromptIsCanceledAloneThoughTheWindowIsFull() throws Exception {
        Pause pause = server.engine().pauseRuns();
        ReadingClient before = ReadingClient.call(server.lens(), REQUEST).readAll();
        pause.awaitReached();
        server.engine().pauseNoMore();
        BatchClient batch = BatchClient.open(server.lens()).readAll().sendMany(RunningServer.BATCH_WINDOW, REQUEST);

        batch.cancelPrompt(1).cancelPrompt(77);
        while (batch.failedTags().isEmpty()) {
            batch.next();
        }
        pause.resume();
        batch.halfClose();

        assertEquals(Code.OK, before.awaitStatus().getCode());
        assertEquals(Code.OK, batch.awaitStatus().getCode());
        assertEquals(Set.of(1L), batch.failedTags());
        assertEquals(Code.CANCELLED.value(), batch.error(1).getCode());
        assertEquals(
                "CANCELLED",
                batch.error(1).getDetails(0).unpack(ErrorInfo.class).getReason());
        assertEquals(RunningServer.BATCH_WINDOW - 1, batch.completeCount());
    }

    /** What does not depend on the moment. */
    private static List<Event> results(List<Event> events) {
        return events.stream()
                .filter(event -> !event.hasProgress() && !event.hasSummary())
                .toList();
    }
}
