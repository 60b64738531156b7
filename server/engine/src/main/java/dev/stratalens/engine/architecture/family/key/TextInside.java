package dev.stratalens.engine.architecture.family.key;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import java.util.List;

/** Text models inside models that see or hear. The other parts are known by name, and left out: prompts are text. */
public final class TextInside {

    /** Parts that see or draw, and what joins them to the text model. */
    private static final List<String> OTHER_PARTS = List.of(
            "aligner",
            "connector",
            "generation_aligner",
            "generation_embeddings",
            "generation_head",
            "image_tower",
            "layerwise_projectors",
            "mlp_AR",
            "mm_projector",
            "multi_modal_projector",
            "patch_merger",
            "perceive",
            "projector",
            "spatial_projectors",
            "video_tower",
            "vision_encoder",
            "vision_model",
            "vision_projection",
            "vision_projector",
            "vision_tower",
            "visual",
            "visual_embeddings_table",
            "vit",
            "vqmodel");

    private TextInside() {}

    /** The names of old and new files. */
    public static ArchitectureBuilder named(ArchitectureBuilder builder) {
        return builder.prefixes(
                        "model.language_model.model.",
                        "model.language_model.",
                        "language_model.model.",
                        "model.text_model.",
                        "text_model.model.",
                        "text_model.",
                        "language_model.",
                        "model.")
                .ignore("(" + String.join("|", OTHER_PARTS) + ")\\..*")
                .ignore("image_newline")
                .ignore("mtp\\..*");
    }
}
