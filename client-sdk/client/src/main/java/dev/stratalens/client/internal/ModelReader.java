package dev.stratalens.client.internal;

import dev.stratalens.client.model.DeviceMemory;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.model.ModelState;
import dev.stratalens.client.model.Placement;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.v1.DataType;
import dev.stratalens.v1.ModelDescription;
import dev.stratalens.v1.ModelStatus;
import dev.stratalens.v1.NormKind;
import java.util.Optional;
import java.util.OptionalDouble;

/** From the wire's models to the SDK's. */
public final class ModelReader {

    private ModelReader() {}

    /** One model. */
    public static ServedModel served(ModelStatus status) {
        return new ServedModel(
                status.getName(),
                state(status.getState()),
                status.hasDescription() ? Optional.of(facts(status.getDescription())) : Optional.empty(),
                status.hasError() ? Optional.of(status.getError().getMessage()) : Optional.empty(),
                status.getMemoryList().stream()
                        .map(memory -> new DeviceMemory(memory.getDevice(), memory.getBytes()))
                        .toList(),
                status.getRequestCount(),
                status.hasUnusedFor() ? Optional.of(Durations.read(status.getUnusedFor())) : Optional.empty(),
                status.hasProgress() ? new ProgressReader().read(status.getProgress()) : Optional.empty());
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
                model.getPlacementsList().stream()
                        .map(range -> new Placement(range.getDevice(), range.getFirstBlock(), range.getBlockCount()))
                        .toList(),
                norm(model.getFinalNorm()),
                model.getTiedHead(),
                model.hasLogitScale() ? OptionalDouble.of(model.getLogitScale()) : OptionalDouble.empty(),
                model.getHeadBias(),
                model.hasLogitSoftcap() ? OptionalDouble.of(model.getLogitSoftcap()) : OptionalDouble.empty(),
                model.getHasChatTemplate(),
                model.hasComputeTypeReason() ? Optional.of(model.getComputeTypeReason()) : Optional.empty());
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
            case NORM_KIND_NONE, NORM_KIND_UNSPECIFIED, UNRECOGNIZED -> ModelFacts.FinalNorm.NONE;
        };
    }

    private static String typeName(DataType type) {
        return switch (type) {
            case DATA_TYPE_FLOAT32 -> "float32";
            case DATA_TYPE_FLOAT16 -> "float16";
            case DATA_TYPE_BFLOAT16 -> "bfloat16";
            case DATA_TYPE_MIXED -> "mixed";
            case DATA_TYPE_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }
}
