package dev.stratalens.server.fake;

import dev.stratalens.server.model.ModelDescription;
import dev.stratalens.server.model.checkpoint.DataType;
import dev.stratalens.server.text.TokenSpelling;
import java.util.Optional;

/** Facts of a model that has no weights. */
public final class FakeModel {

    public static final int BLOCKS = 6;
    public static final int VOCABULARY = 280;
    public static final int CONTEXT = 64;

    private FakeModel() {}

    public static ModelDescription named(String name) {
        return sized(name, VOCABULARY, CONTEXT);
    }

    public static ModelDescription sized(String name, int vocabulary, int context) {
        return new ModelDescription(
                name,
                "0123abcd",
                "llama",
                BLOCKS,
                16,
                vocabulary,
                context,
                12_345,
                Optional.of(DataType.BFLOAT16),
                DataType.FLOAT32,
                ModelDescription.FinalNorm.RMS_NORM,
                new ModelDescription.HeadDescription(true, false, 1, 0),
                TokenSpelling.BYTE_LEVEL,
                "cpu");
    }
}
