package dev.stratalens.client.internal;

import dev.stratalens.client.internal.text.WholeText;
import dev.stratalens.client.request.ChatMessage;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.SpecialTokens;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.request.TokenizeRequest;
import dev.stratalens.client.request.Trajectories;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.PositionTarget;
import dev.stratalens.v1.RenderChatRequest;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TokenIds;
import dev.stratalens.v1.TrajectoryEncoding;
import dev.stratalens.v1.TrajectoryOptions;
import dev.stratalens.v1.UnloadModelRequest;
import java.time.Duration;
import java.util.List;

/** From the SDK's requests to the wire's. */
public final class RequestWriter {

    private RequestWriter() {}

    /** A request to free a model's memory. */
    public static UnloadModelRequest write(String model, Duration wait) {
        return UnloadModelRequest.newBuilder()
                .setName(WholeText.require("name", model))
                .setWait(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(wait.getSeconds())
                        .setNanos(wait.getNano()))
                .build();
    }

    /** A lens request. */
    public static AnalyzeRequest write(LensRequest request) {
        AnalyzeRequest.Builder wire = AnalyzeRequest.newBuilder()
                .setModel(request.model())
                .setIncludeEmbedding(request.includeEmbedding())
                .setTopK(request.topK())
                .setSkipFinalNorm(request.skipFinalNorm())
                .setRequestId(request.requestId());
        if (request.prompt() instanceof Prompt.Text prompt) {
            wire.setText(prompt.text());
        } else if (request.prompt() instanceof Prompt.TokenIds prompt) {
            wire.setTokenIds(TokenIds.newBuilder().addAllIds(prompt.ids()));
        }
        if (request.specialTokens() == SpecialTokens.NONE) {
            wire.setAddSpecialTokens(false);
        }
        request.layers().forEach(range -> wire.addLayers(write(range)));
        request.positions().forEach(range -> wire.addPositions(write(range)));
        request.targets().forEach(target -> wire.addTargets(write(target)));
        request.statistics().forEach(statistic -> wire.addStatistics(write(statistic)));
        if (request.trajectories().encoding() != Trajectories.Encoding.NONE) {
            wire.setTrajectories(TrajectoryOptions.newBuilder()
                    .setEncoding(write(request.trajectories().encoding()))
                    .setMinPeakProbability((float) request.trajectories().minimumPeak()));
        }
        return wire.build();
    }

    /** A request for tokens. */
    public static dev.stratalens.v1.TokenizeRequest write(TokenizeRequest request) {
        dev.stratalens.v1.TokenizeRequest.Builder wire = dev.stratalens.v1.TokenizeRequest.newBuilder()
                .setModel(request.model())
                .setText(request.text());
        if (request.specialTokens() == SpecialTokens.NONE) {
            wire.setAddSpecialTokens(false);
        }
        return wire.build();
    }

    /** A request for a chat's text. */
    public static RenderChatRequest write(String model, List<ChatMessage> messages) {
        RenderChatRequest.Builder wire = RenderChatRequest.newBuilder().setModel(WholeText.require("model", model));
        messages.forEach(message -> wire.addMessages(dev.stratalens.v1.ChatMessage.newBuilder()
                .setRole(message.role())
                .setContent(message.content())));
        return wire.build();
    }

    private static dev.stratalens.v1.IndexRange write(IndexRange range) {
        dev.stratalens.v1.IndexRange.Builder wire = dev.stratalens.v1.IndexRange.newBuilder()
                .setFirst(range.first())
                .setStride(range.stride());
        range.last().ifPresent(wire::setLast);
        return wire.build();
    }

    static Target write(LensTarget target) {
        Target.Builder wire = Target.newBuilder();
        if (target instanceof LensTarget.NextToken) {
            wire.setPositionTarget(PositionTarget.POSITION_TARGET_NEXT_TOKEN);
        } else if (target instanceof LensTarget.FinalTop) {
            wire.setPositionTarget(PositionTarget.POSITION_TARGET_FINAL_TOP);
        } else if (target instanceof LensTarget.Text text) {
            wire.setText(text.text());
        } else if (target instanceof LensTarget.TokenId token) {
            wire.setId(token.id());
        }
        return wire.build();
    }

    static dev.stratalens.v1.Statistic write(Statistic statistic) {
        return switch (statistic) {
            case ENTROPY -> dev.stratalens.v1.Statistic.STATISTIC_ENTROPY;
            case KL_FROM_FINAL -> dev.stratalens.v1.Statistic.STATISTIC_KL_FROM_FINAL;
            case KL_FROM_NEXT -> dev.stratalens.v1.Statistic.STATISTIC_KL_FROM_NEXT;
        };
    }

    static TrajectoryEncoding write(Trajectories.Encoding encoding) {
        return switch (encoding) {
            case NONE -> TrajectoryEncoding.TRAJECTORY_ENCODING_UNSPECIFIED;
            case PPM -> TrajectoryEncoding.TRAJECTORY_ENCODING_PPM;
            case FLOAT32 -> TrajectoryEncoding.TRAJECTORY_ENCODING_FLOAT32;
        };
    }
}
