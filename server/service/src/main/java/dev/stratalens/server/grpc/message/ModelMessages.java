package dev.stratalens.server.grpc.message;

import com.google.rpc.Status;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.model.ComputeChoice;
import dev.stratalens.engine.model.ComputeChoice.Reason;
import dev.stratalens.engine.model.ModelDescription.FinalNorm;
import dev.stratalens.engine.model.weight.WeightForm;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.v1.DeviceMemory;
import dev.stratalens.v1.ModelDescription;
import dev.stratalens.v1.ModelStatus;
import dev.stratalens.v1.NormKind;
import dev.stratalens.v1.Phase;
import dev.stratalens.v1.Placement;
import dev.stratalens.v1.Progress;
import dev.stratalens.v1.TokenSpelling;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Facts of models as messages. */
public final class ModelMessages {

    private static final String PHASE = "PHASE_";

    private ModelMessages() {}

    /**
     * A model and its state.
     *
     * @param statusOf the status of a failure to load
     */
    public static ModelStatus status(NamedModel model, Function<Throwable, Status> statusOf) {
        ModelStatus.Builder status = ModelStatus.newBuilder()
                .setName(model.name())
                .addAllMemory(memory(model.deviceBytes()))
                .setRequestCount(model.leases());
        ServingState state = model.state();
        if (state instanceof ServingState.Ready ready) {
            status.setState(dev.stratalens.v1.ModelState.MODEL_STATE_READY)
                    .setDescription(description(ready.engine(), model.computeChoice()))
                    .setUnusedFor(DurationMessages.message(model.unusedFor()));
        } else if (state instanceof ServingState.Unloading) {
            status.setState(dev.stratalens.v1.ModelState.MODEL_STATE_UNLOADING)
                    .setUnusedFor(DurationMessages.message(model.unusedFor()));
        } else if (state instanceof ServingState.Failed failed) {
            status.setState(dev.stratalens.v1.ModelState.MODEL_STATE_FAILED).setError(statusOf.apply(failed.failure()));
        } else if (state instanceof ServingState.Loading loading) {
            status.setState(dev.stratalens.v1.ModelState.MODEL_STATE_LOADING).setProgress(progress(loading));
        } else {
            status.setState(dev.stratalens.v1.ModelState.MODEL_STATE_NOT_LOADED);
        }
        return status.build();
    }

    /** How far the loading of a model is. */
    public static Progress progress(ServingState.Loading loading) {
        return progress(
                switch (loading.step()) {
                    case QUEUED -> Phase.PHASE_QUEUED;
                    case DOWNLOAD -> Phase.PHASE_DOWNLOAD;
                    case WEIGHTS -> Phase.PHASE_LOADING;
                },
                loading.done(),
                loading.total());
    }

    /** How far a pass is. */
    public static Progress progress(LensListener.Phase phase, long done, long total) {
        return progress(Phase.valueOf(PHASE + phase.name()), done, total);
    }

    /** How far a request that waits is. */
    public static Progress queued(int ahead, int aheadAtFirst) {
        return Progress.newBuilder()
                .setPhase(Phase.PHASE_QUEUED)
                .setDone(aheadAtFirst - ahead)
                .setTotal(aheadAtFirst)
                .build();
    }

    private static Progress progress(Phase phase, long done, long total) {
        Progress.Builder progress = Progress.newBuilder().setPhase(phase).setDone(done);
        if (total > 0) {
            progress.setTotal(total);
        }
        return progress.build();
    }

    /** What weights take on each device. */
    public static List<DeviceMemory> memory(Map<Device, Long> bytes) {
        return bytes.entrySet().stream()
                .map(entry -> DeviceMemory.newBuilder()
                        .setDevice(entry.getKey().name())
                        .setBytes(entry.getValue())
                        .build())
                .toList();
    }

    private static ModelDescription description(LensEngine engine, Optional<ComputeChoice> choice) {
        ModelDescription.Builder description = description(engine).toBuilder();
        description
                .setWeightsFingerprint(engine.weightsFingerprint())
                .setTokenizerDigest(engine.tokenizer().digest());
        engine.lenses().forEach(lens -> description.addLenses(LensMessages.lens(lens)));
        choice.filter(chosen -> chosen.reason() != Reason.PINNED)
                .ifPresent(chosen -> description.setComputeTypeReason(chosen.toString()));
        return description.build();
    }

    /** Facts of a loaded model, without its fitted lenses. */
    public static ModelDescription description(LensEngine engine) {
        dev.stratalens.engine.model.ModelDescription model = engine.description();
        ModelDescription.Builder message = ModelDescription.newBuilder()
                .setName(model.name())
                .setArchitecture(model.architecture())
                .setBlockCount(model.blockCount())
                .setHiddenSize(model.hiddenSize())
                .setVocabularySize(model.vocabularySize())
                .setContextLength(model.contextLength())
                .setParameterCount(model.parameterCount())
                .setStoredType(model.storedType()
                        .map(ModelMessages::dataType)
                        .orElse(dev.stratalens.v1.DataType.DATA_TYPE_MIXED))
                .setComputeType(dataType(model.computeType()))
                .setFinalNorm(finalNorm(model.finalNorm()))
                .setTiedHead(model.head().tied())
                .setHeadBias(model.head().bias())
                .setTokenSpelling(spelling(model.tokenSpelling()))
                .addAllPlacements(placements(model.placement()))
                .addAllHeadDevices(
                        model.placement().heads().stream().map(Device::name).toList())
                .setHasChatTemplate(engine.tokenizer().chatTemplate().isPresent());
        if (!model.revision().isEmpty()) {
            message.setRevision(model.revision());
        }
        if (model.head().logitScale() != 1) {
            message.setLogitScale(model.head().logitScale());
        }
        if (model.head().logitSoftcap() != 0) {
            message.setLogitSoftcap(model.head().logitSoftcap());
        }
        return message.build();
    }

    private static List<Placement> placements(dev.stratalens.engine.model.weight.Placement placement) {
        return placement.stages().stream()
                .map(stage -> Placement.newBuilder()
                        .setDevice(stage.device().name())
                        .setFirstBlock(stage.firstBlock())
                        .setBlockCount(stage.blockCount())
                        .setPacked(stage.form() == WeightForm.PACKED)
                        .build())
                .toList();
    }

    /** How a vocabulary spells bytes. */
    public static TokenSpelling spelling(dev.stratalens.engine.text.TokenSpelling spelling) {
        return switch (spelling) {
            case PLAIN -> TokenSpelling.TOKEN_SPELLING_PLAIN;
            case BYTE_LEVEL -> TokenSpelling.TOKEN_SPELLING_BYTE_LEVEL;
            case METASPACE -> TokenSpelling.TOKEN_SPELLING_METASPACE;
        };
    }

    private static dev.stratalens.v1.DataType dataType(DataType type) {
        return switch (type) {
            case FLOAT32 -> dev.stratalens.v1.DataType.DATA_TYPE_FLOAT32;
            case FLOAT16 -> dev.stratalens.v1.DataType.DATA_TYPE_FLOAT16;
            case BFLOAT16 -> dev.stratalens.v1.DataType.DATA_TYPE_BFLOAT16;
        };
    }

    private static NormKind finalNorm(FinalNorm norm) {
        return switch (norm) {
            case NONE -> NormKind.NORM_KIND_NONE;
            case LAYER_NORM -> NormKind.NORM_KIND_LAYER_NORM;
            case RMS_NORM -> NormKind.NORM_KIND_RMS_NORM;
        };
    }
}
