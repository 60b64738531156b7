package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.family.dense.AlibiFamilies;
import dev.stratalens.engine.architecture.family.dense.GemmaFamilies;
import dev.stratalens.engine.architecture.family.dense.GptFamilies;
import dev.stratalens.engine.architecture.family.dense.GraniteFamilies;
import dev.stratalens.engine.architecture.family.dense.LayerNormFamilies;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.dense.MistralFamilies;
import dev.stratalens.engine.architecture.family.dense.OlmoFamilies;
import dev.stratalens.engine.architecture.family.dense.OptFamilies;
import dev.stratalens.engine.architecture.family.dense.SquaredReluFamilies;
import dev.stratalens.engine.architecture.family.hybrid.ConvolutionFamilies;
import dev.stratalens.engine.architecture.family.hybrid.DeltaFamilies;
import dev.stratalens.engine.architecture.family.hybrid.FalconHybrid;
import dev.stratalens.engine.architecture.family.hybrid.KimiFamilies;
import dev.stratalens.engine.architecture.family.hybrid.LinearFamilies;
import dev.stratalens.engine.architecture.family.hybrid.NemotronHybrid;
import dev.stratalens.engine.architecture.family.hybrid.StateSpaceFamilies;
import dev.stratalens.engine.architecture.family.hybrid.ZambaFamilies;
import dev.stratalens.engine.architecture.family.mixture.DeepseekFamilies;
import dev.stratalens.engine.architecture.family.mixture.DeepseekV4Families;
import dev.stratalens.engine.architecture.family.mixture.Gemma3nFamilies;
import dev.stratalens.engine.architecture.family.mixture.Gemma4Families;
import dev.stratalens.engine.architecture.family.mixture.Llama4Families;
import dev.stratalens.engine.architecture.family.mixture.MixtureFamilies;
import dev.stratalens.engine.architecture.family.mixture.SigmoidFamilies;
import dev.stratalens.engine.architecture.family.mixture.WindowedMixtures;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.error.UnsupportedArchitectureException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of families by {@code model_type}. Facts are those of transformers' modeling code. */
public final class Architectures {

    private static final Map<String, Function<HfConfig, ArchitectureBuilder>> FAMILIES = Stream.of(
                    AlibiFamilies.ROWS,
                    ConvolutionFamilies.ROWS,
                    DeepseekFamilies.ROWS,
                    DeepseekV4Families.ROWS,
                    DeltaFamilies.ROWS,
                    FalconHybrid.ROWS,
                    Gemma4Families.ROWS,
                    Gemma3nFamilies.ROWS,
                    GemmaFamilies.ROWS,
                    GptFamilies.ROWS,
                    GraniteFamilies.ROWS,
                    KimiFamilies.ROWS,
                    LayerNormFamilies.ROWS,
                    LinearFamilies.ROWS,
                    Llama4Families.ROWS,
                    LlamaFamilies.ROWS,
                    MistralFamilies.ROWS,
                    MixtureFamilies.ROWS,
                    NemotronHybrid.ROWS,
                    OlmoFamilies.ROWS,
                    OptFamilies.ROWS,
                    SigmoidFamilies.ROWS,
                    SquaredReluFamilies.ROWS,
                    StateSpaceFamilies.ROWS,
                    WindowedMixtures.ROWS,
                    WrappedFamilies.ROWS,
                    ZambaFamilies.ROWS)
            .flatMap(rows -> rows.entrySet().stream())
            .collect(Collectors.toMap(
                    Map.Entry::getKey,
                    Map.Entry::getValue,
                    (one, other) -> {
                        throw new IllegalStateException("a family has two rows");
                    },
                    TreeMap::new));

    private Architectures() {}

    /** Values of {@code model_type} that can be loaded, in order. */
    public static List<String> supported() {
        return List.copyOf(FAMILIES.keySet());
    }

    /**
     * Reads a configuration.
     *
     * @throws UnsupportedArchitectureException if the family is not in the table
     * @throws dev.stratalens.engine.error.InvalidCheckpointException if a key is missing or its value is unknown
     */
    public static Architecture of(HfConfig config) {
        return row(config.modelType()).apply(config).build();
    }

    /** The row of a family. */
    static Function<HfConfig, ArchitectureBuilder> row(String modelType) {
        Function<HfConfig, ArchitectureBuilder> family = FAMILIES.get(modelType);
        if (family == null) {
            throw new UnsupportedArchitectureException(modelType, supported());
        }
        return family;
    }
}
