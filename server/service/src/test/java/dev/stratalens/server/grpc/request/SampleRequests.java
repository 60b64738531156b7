package dev.stratalens.server.grpc.request;

import com.google.protobuf.Duration;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.stratalens.v1.AnalyzeBatchRequest;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.BatchPrompt;
import dev.stratalens.v1.Chat;
import dev.stratalens.v1.ChatMessage;
import dev.stratalens.v1.IndexRange;
import dev.stratalens.v1.Lens;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.LogitLens;
import dev.stratalens.v1.NumberForm;
import dev.stratalens.v1.PositionTarget;
import dev.stratalens.v1.Prompt;
import dev.stratalens.v1.RenderChatRequest;
import dev.stratalens.v1.Site;
import dev.stratalens.v1.Statistic;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TokenIds;
import dev.stratalens.v1.TokenizeRequest;
import dev.stratalens.v1.TrajectoryOptions;
import dev.stratalens.v1.UnloadModelRequest;
import java.util.stream.Stream;

/** Messages that use every field, as they travel: what fuzz tests begin with. */
public final class SampleRequests {

    private static final Chat CHAT = Chat.newBuilder()
            .addMessages(ChatMessage.newBuilder().setRole("user").setContent("Why?"))
            .setTemplateArguments(Struct.newBuilder()
                    .putFields("x", Value.newBuilder().setNumberValue(2).build()))
            .build();

    private static final AnalyzeRequest ANALYZE = AnalyzeRequest.newBuilder()
            .setModel("fake")
            .setPrompt(Prompt.newBuilder().setText("The capital is Paris"))
            .addLenses(Lens.newBuilder().setLogit(LogitLens.getDefaultInstance()))
            .addLayers(IndexRange.newBuilder().setFirst(0).setLast(-1).setStride(2))
            .addSites(Site.SITE_EMBEDDING)
            .addSites(Site.SITE_BLOCK_OUTPUT)
            .addPositions(IndexRange.newBuilder().setFirst(-2))
            .setTopK(3)
            .addTargets(Target.newBuilder().setText(" Paris"))
            .addTargets(Target.newBuilder().setId(7))
            .addTargets(Target.newBuilder().setPositionTarget(PositionTarget.POSITION_TARGET_NEXT_TOKEN))
            .addStatistics(Statistic.forNumber(1))
            .setTrajectories(TrajectoryOptions.newBuilder().setMinPeakProbability(0.5f))
            .setNumberForm(NumberForm.NUMBER_FORM_FLOAT32)
            .setRequestId("id")
            .build();

    private SampleRequests() {}

    /** Requests for an analysis. */
    static Stream<byte[]> analyze() {
        return Stream.of(
                        Prompt.newBuilder().setText("The capital"),
                        Prompt.newBuilder()
                                .setTokenIds(TokenIds.newBuilder().addIds(1).addIds(2)),
                        Prompt.newBuilder().setChat(CHAT))
                .map(prompt -> ANALYZE.toBuilder().setPrompt(prompt).build().toByteArray());
    }

    /** A request for each method that takes more than a name. */
    public static Stream<byte[]> ofAnyMethod() {
        return Stream.<MessageLite>of(
                        ANALYZE,
                        AnalyzeBatchRequest.newBuilder()
                                .setPrompt(BatchPrompt.newBuilder().setTag(1).setRequest(ANALYZE))
                                .build(),
                        ListModelsRequest.newBuilder()
                                .setPageSize(1)
                                .setPageToken("ZmFrZQ")
                                .build(),
                        TokenizeRequest.newBuilder()
                                .setModel("fake")
                                .setPrompt(ANALYZE.getPrompt())
                                .build(),
                        RenderChatRequest.newBuilder()
                                .setModel("fake")
                                .setChat(CHAT)
                                .build(),
                        UnloadModelRequest.newBuilder()
                                .setModel("fake")
                                .setWait(Duration.newBuilder().setSeconds(1))
                                .build())
                .map(MessageLite::toByteArray);
    }
}
