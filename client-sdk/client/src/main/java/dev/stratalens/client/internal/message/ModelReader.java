package dev.stratalens.client.internal.message;

import dev.stratalens.client.model.DeviceMemory;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.model.ModelState;
import dev.stratalens.client.model.Placement;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.v1.DataType;
import dev.stratalens.v1.ModelDescription;
import dev.stratalens.v1.ModelStatus;
import java.util.Optional;
import java.util.OptionalDouble;

/** From the wire's models to the SDK's. */
public final class ModelReader {

    private ModelReader() {}

    /** One model. */
    public static ServedModel served(ModelStatus status) {
        return new ServedModel(
                status.getName(),
                WireEnum.read(ModelState.class, status.getState()).orElse(ModelState.UNKNOWN),
                status.hasDescription() ? Optional.of(facts(status.getDescription())) : Optional.empty(),
                status.hasError() ? Optional.of(status.getError().getMessage()) : Optional.empty(),
                status.getMemoryList().stream()
                        .map(memory -> new DeviceMemory(memory.getDevice(), memory.getBytes()))
                        .toList(),
                status.getRequestCount(),
                status.hasUnusedFor() ? Optional.of(WireDuration.read(status.getUnusedFor())) : Optional.empty(),
                status.hasProgress() ? new ProgressReader().read(status.getProgress()) : Optional.empty());
    }

    /** What results repeat of a model. */
    public static ModelInfo info(ModelDescription model) {
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
                WireEnum.read(ModelFacts.FinalNorm.class, model.getFinalNorm()).orElse(ModelFacts.FinalNorm.NONE),
                model.getTiedHead(),
                model.hasLogitScale() ? OptionalDouble.of(model.getLogitScale()) : OptionalDouble.empty(),
                model.getHeadBias(),
                model.hasLogitSoftcap() ? OptionalDouble.of(model.getLogitSoftcap()) : OptionalDouble.empty(),
                model.getHasChatTemplate(),
                model.hasComputeTypeReason() ? Optional.of(model.getComputeTypeReason()) : Optional.empty());
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
