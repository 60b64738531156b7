package dev.stratalens.server.grpc.message;

import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.transport.LensOrigin;
import dev.stratalens.engine.lens.transport.NamedLens;
import dev.stratalens.v1.FittedLens;
import dev.stratalens.v1.MapForm;

/** Facts of fitted lenses as messages. */
final class LensMessages {

    private LensMessages() {}

    /** A lens of a model. */
    static FittedLens lens(NamedLens named) {
        LensOrigin origin = named.lens().origin();
        return FittedLens.newBuilder()
                .setName(named.name())
                .setForm(
                        switch (named.lens().form()) {
                            case RESIDUAL -> MapForm.MAP_FORM_RESIDUAL;
                            case PLAIN -> MapForm.MAP_FORM_PLAIN;
                        })
                .setHasEmbedding(named.lens().maps().containsKey(ReadPoint.EMBEDDING))
                .addAllLayers(named.lens().maps().keySet().stream()
                        .filter(ReadPoint::isLayer)
                        .map(ReadPoint::block)
                        .toList())
                .setFittedBy(origin.fittedBy())
                .setFittedFor(origin.model())
                .setRevision(origin.revision())
                .setPromptCount(origin.prompts())
                .setSkippedPositions(origin.skippedPositions())
                .setBytes(named.lens().bytes())
                .addAllWarnings(named.warnings())
                .setFingerprint(named.fingerprint())
                .build();
    }
}
