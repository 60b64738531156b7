package dev.stratalens.client.internal;

import dev.stratalens.client.model.ModelCatalog;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.model.ModelState;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.client.result.Tokenization;
import dev.stratalens.v1.DataType;
import dev.stratalens.v1.ListModelsResponse;
import dev.stratalens.v1.ModelDescription;
import dev.stratalens.v1.ModelStatus;
import dev.stratalens.v1.NormKind;
import dev.stratalens.v1.TokenizeResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** From the wire's models and tokens to the SDK's. */
public final class ModelReader {

    private ModelReader() {}

    /** All models of a server. */
    public static ModelCatalog catalog(ListModelsResponse response) {
        return new ModelCatalog(
                response.getModelsList().stream().map(ModelReader::served).toList(),
                response.getSupportedArchitecturesList(),
                response.getServerVersion(),
                response.getMemoryBudgetBytes() == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(response.getMemoryBudgetBytes()));
    }

    /** One model. */
    public static ServedModel served(ModelStatus status) {
        return new ServedModel(
                status.getName(),
                state(status.getState()),
                status.hasDescription() ? Optional.of(facts(status.getDescription())) : Optional.empty(),
                status.hasError() ? Optional.of(status.getError().getMessage()) : Optional.empty(),
                status.getMemoryBytes(),
                status.getRequests(),
                status.hasUnusedFor() ? Optional.of(duration(status.getUnusedFor())) : Optional.empty());
    }

    /** A text's tokens. */
    public static Tokenization tokenization(TokenizeResponse response) {
        TokenTexts texts = new TokenTexts(response.getTokenSpelling(), Integer.MAX_VALUE);
        texts.add(response.getTokens());
        return new Tokenization(
                HeaderReader.promptTokens(
                        response.getTokenIdsList(), response.getTokenStartsList(), response.getTokenEndsList(), texts),
                response.getContextLength());
    }

    static ModelInfo info(ModelDescription model) {
        return new ModelInfo(
                model.getName(),
                model.getArchitecture(),
                model.getBlockCount(),
                model.getHiddenSize(),
                model.getVocabularySize(),
                typeName(model.getStoredType()),
                typeName(model.getComputeType()),
                model.getRevision());
    }

    private static ModelFacts facts(ModelDescription model) {
        return new ModelFacts(
                info(model),
                model.getContextLength(),
                model.getParameterCount(),
                model.getDevice(),
                norm(model.getFinalNorm()),
                model.getTiedHead(),
                model.getLogitScale(),
                model.getHeadBias(),
                model.getLogitSoftcap() == 0 ? OptionalDouble.empty() : OptionalDouble.of(model.getLogitSoftcap()),
                model.getHasChatTemplate());
    }

    private static Duration duration(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    private static ModelState state(dev.stratalens.v1.ModelState state) {
        return switch (state) {
            case MODEL_STATE_LOADING -> ModelState.LOADING;
            case MODEL_STATE_READY -> ModelState.READY;
            case MODEL_STATE_FAILED -> ModelState.FAILED;
            case MODEL_STATE_NOT_LOADED -> ModelState.NOT_LOADED;
            case MODEL_STATE_UNLOADING -> ModelState.UNLOADING;
            case MODEL_STATE_UNSPECIFIED, UNRECOGNIZED -> ModelState.UNKNOWN;
        };
    }

    private static ModelFacts.FinalNorm norm(NormKind norm) {
        return switch (norm) {
            case NORM_KIND_LAYER_NORM -> ModelFacts.FinalNorm.LAYER_NORM;
            case NORM_KIND_RMS_NORM -> ModelFacts.FinalNorm.RMS_NORM;
            case NORM_KIND_UNSPECIFIED, UNRECOGNIZED -> ModelFacts.FinalNorm.NONE;
        };
    }

    private static String typeName(DataType type) {
        return switch (type) {
            case DATA_TYPE_FLOAT32 -> "float32";
            case DATA_TYPE_FLOAT16 -> "float16";
            case DATA_TYPE_BFLOAT16 -> "bfloat16";
            case DATA_TYPE_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }
}
