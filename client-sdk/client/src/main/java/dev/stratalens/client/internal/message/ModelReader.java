package dev.stratalens.client.internal.message;

import dev.stratalens.client.model.DeviceMemory;
import dev.stratalens.client.model.LensInfo;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ModelFacts.FinalNorm;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.model.ModelState;
import dev.stratalens.client.model.Placement;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.v1.DataType;
import dev.stratalens.v1.FittedLens;
import dev.stratalens.v1.MapForm;
import dev.stratalens.v1.ModelDescription;
import dev.stratalens.v1.ModelStatus;
import java.util.Optional;
import java.util.OptionalDouble;

/** From the wire's models to the SDK's. */
public final class ModelReader {

    private ModelReader() {}

    /** One model. */
    public static ServedModel served(ModelStatus status) {
        ModelState state = WireEnum.read(ModelState.class, status.getState()).orElse(ModelState.UNKNOWN);
        return ServedModel.builder(status.getName(), state)
                .facts(status.hasDescription() ? Optional.of(facts(status.getDescription())) : Optional.empty())
                .error(status.hasError() ? Optional.of(status.getError().getMessage()) : Optional.empty())
                .memory(status.getMemoryList().stream()
                        .map(memory -> DeviceMemory.of(memory.getDevice(), memory.getBytes()))
                        .toList())
                .requests(status.getRequestCount())
                .unusedFor(
                        status.hasUnusedFor()
                                ? Optional.of(WireDuration.read(status.getUnusedFor()))
                                : Optional.empty())
                .progress(
                        status.hasProgress()
                                ? Optional.of(new ProgressReader().read(status.getProgress()))
                                : Optional.empty())
                .build();
    }

    /** What results repeat of a model. */
    public static ModelInfo info(ModelDescription model) {
        return ModelInfo.builder(model.getName(), model.getBlockCount())
                .architecture(model.getArchitecture())
                .hiddenSize(model.getHiddenSize())
                .vocabularySize(model.getVocabularySize())
                .storedType(typeName(model.getStoredType()))
                .computeType(typeName(model.getComputeType()))
                .revision(model.getRevision())
                .build();
    }

    /** Everything that a server says of a model. */
    public static ModelFacts facts(ModelDescription model) {
        return ModelFacts.builder(info(model))
                .contextLength(model.getContextLength())
                .parameterCount(model.getParameterCount())
                .placements(model.getPlacementsList().stream()
                        .map(range -> Placement.of(range.getDevice(), range.getFirstBlock(), range.getBlockCount())
                                .withPacked(range.getPacked()))
                        .toList())
                .headDevices(model.getHeadDevicesList())
                .finalNorm(WireEnum.read(FinalNorm.class, model.getFinalNorm()).orElse(FinalNorm.UNKNOWN))
                .tiedHead(model.getTiedHead())
                .logitScale(model.hasLogitScale() ? OptionalDouble.of(model.getLogitScale()) : OptionalDouble.empty())
                .headBias(model.getHeadBias())
                .logitSoftcap(
                        model.hasLogitSoftcap() ? OptionalDouble.of(model.getLogitSoftcap()) : OptionalDouble.empty())
                .hasChatTemplate(model.getHasChatTemplate())
                .weightsFingerprint(model.getWeightsFingerprint())
                .tokenizerDigest(model.getTokenizerDigest())
                .lenses(model.getLensesList().stream().map(ModelReader::lens).toList())
                .computeTypeReason(
                        model.hasComputeTypeReason() ? Optional.of(model.getComputeTypeReason()) : Optional.empty())
                .build();
    }

    private static LensInfo lens(FittedLens lens) {
        return LensInfo.builder(lens.getName())
                .residual(lens.getForm() == MapForm.MAP_FORM_RESIDUAL)
                .hasEmbedding(lens.getHasEmbedding())
                .layers(lens.getLayersList())
                .fittedBy(lens.getFittedBy())
                .fittedFor(lens.getFittedFor())
                .revision(lens.getRevision())
                .promptCount(lens.getPromptCount())
                .skippedPositions(lens.getSkippedPositions())
                .memoryBytes(lens.getBytes())
                .warnings(lens.getWarningsList())
                .fingerprint(lens.getFingerprint())
                .build();
    }

    private static String typeName(DataType type) {
        return switch (type) {
            case DATA_TYPE_FLOAT32 -> "float32";
            case DATA_TYPE_FLOAT16 -> "float16";
            case DATA_TYPE_BFLOAT16 -> "bfloat16";
            case DATA_TYPE_MIXED -> "mixed";
            case DATA_TYPE_UNSPECIFIED -> "";
            case UNRECOGNIZED -> "unknown";
        };
    }
}
