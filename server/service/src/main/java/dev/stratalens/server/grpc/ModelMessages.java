package dev.stratalens.server.grpc;

import com.google.protobuf.Duration;
import com.google.rpc.Status;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.model.ModelDescription.FinalNorm;
import dev.stratalens.server.models.ModelState;
import dev.stratalens.server.models.ServedModel;
import dev.stratalens.v1.LoadProgress;
import dev.stratalens.v1.LoadStep;
import dev.stratalens.v1.ModelDescription;
import dev.stratalens.v1.ModelStatus;
import dev.stratalens.v1.NormKind;
import dev.stratalens.v1.TokenSpelling;
import java.util.function.Function;

/** Facts of models as messages. */
final class ModelMessages {

    private ModelMessages() {}

    /** @param statusOf the status of a failure to load */
    static ModelStatus status(ServedModel model, Function<Throwable, Status> statusOf) {
        ModelStatus.Builder status = ModelStatus.newBuilder()
                .setName(model.name())
                .setMemoryBytes(model.memoryBytes())
                .setRequests(model.leases());
        ModelState state = model.state();
        if (state instanceof ModelState.Ready ready) {
            status.setState(dev.stratalens.v1.ModelState.MODEL_STATE_READY)
                    .setDescription(description(ready.engine()))
                    .setUnusedFor(duration(model.unusedFor()));
        } else if (state instanceof ModelState.Unloading) {
            status.setState(dev.stratalens.v1.ModelState.MODEL_STATE_UNLOADING)
                    .setUnusedFor(duration(model.unusedFor()));
        } else if (state instanceof ModelState.Failed failed) {
            status.setState(dev.stratalens.v1.ModelState.MODEL_STATE_FAILED).setError(statusOf.apply(failed.failure()));
        } else if (state instanceof ModelState.Loading loading) {
            status.setState(dev.stratalens.v1.ModelState.MODEL_STATE_LOADING).setProgress(progress(loading));
        } else {
            status.setState(dev.stratalens.v1.ModelState.MODEL_STATE_NOT_LOADED);
        }
        return status.build();
    }

    static LoadProgress progress(ModelState.Loading loading) {
        return LoadProgress.newBuilder()
                .setStep(
                        switch (loading.step()) {
                            case DOWNLOAD -> LoadStep.LOAD_STEP_DOWNLOAD;
                            case WEIGHTS -> LoadStep.LOAD_STEP_WEIGHTS;
                        })
                .setDone(loading.done())
                .setTotal(loading.total())
                .build();
    }

    private static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    static ModelDescription description(LensEngine engine) {
        dev.stratalens.engine.model.ModelDescription model = engine.description();
        return ModelDescription.newBuilder()
                .setName(model.name())
                .setRevision(model.revision())
                .setArchitecture(model.architecture())
                .setBlockCount(model.blockCount())
                .setHiddenSize(model.hiddenSize())
                .setVocabularySize(model.vocabularySize())
                .setContextLength(model.contextLength())
                .setParameterCount(model.parameterCount())
                .setStoredType(model.storedType()
                        .map(ModelMessages::dataType)
                        .orElse(dev.stratalens.v1.DataType.DATA_TYPE_UNSPECIFIED))
                .setComputeType(dataType(model.computeType()))
                .setFinalNorm(finalNorm(model.finalNorm()))
                .setTiedHead(model.head().tied())
                .setHeadBias(model.head().bias())
                .setLogitScale(model.head().logitScale())
                .setLogitSoftcap(model.head().logitSoftcap())
                .setTokenSpelling(spelling(model.tokenSpelling()))
                .setDevice(model.device())
                .setHasChatTemplate(engine.tokenizer().chatTemplate().isPresent())
                .build();
    }

    static TokenSpelling spelling(dev.stratalens.engine.text.TokenSpelling spelling) {
        return switch (spelling) {
            case PLAIN -> TokenSpelling.TOKEN_SPELLING_UNSPECIFIED;
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
            case NONE -> NormKind.NORM_KIND_UNSPECIFIED;
            case LAYER_NORM -> NormKind.NORM_KIND_LAYER_NORM;
            case RMS_NORM -> NormKind.NORM_KIND_RMS_NORM;
        };
    }
}
