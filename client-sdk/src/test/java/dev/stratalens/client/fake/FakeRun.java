package dev.stratalens.client.fake;

import com.google.protobuf.ByteString;
import dev.stratalens.client.LensRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.DataType;
import dev.stratalens.v1.ModelDescription;
import dev.stratalens.v1.NormKind;
import dev.stratalens.v1.TokenSpelling;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A made-up run and the events by which a server would tell it.
 *
 * @param values its numbers
 * @param events the whole stream, without progress
 */
public record FakeRun(FakeValues values, List<AnalyzeResponse> events) {

    /** The model of all small runs. */
    public static final ModelDescription MODEL = ModelDescription.newBuilder()
            .setName("tiny")
            .setRevision("0f1e2d")
            .setArchitecture("llama")
            .setBlockCount(RandomRun.BLOCKS)
            .setHiddenSize(16)
            .setVocabularySize(RandomRun.VOCABULARY)
            .setContextLength(64)
            .setParameterCount(12345)
            .setStoredType(DataType.DATA_TYPE_BFLOAT16)
            .setComputeType(DataType.DATA_TYPE_FLOAT32)
            .setFinalNorm(NormKind.NORM_KIND_RMS_NORM)
            .setTiedHead(true)
            .setLogitScale(1)
            .setTokenSpelling(TokenSpelling.TOKEN_SPELLING_BYTE_LEVEL)
            .setDevice("cpu")
            .setHasChatTemplate(true)
            .build();

    /** A small run of four blocks; the same for the same seed and request. Layers and trajectories come in pieces. */
    public static FakeRun of(long seed, LensRequest request) {
        FakeValues values = RandomRun.of(seed, request);
        FakeEvents events = new FakeEvents(request, values, MODEL, FakeRun::bytes, new FakeEvents.ChunkSizes(4, 7));
        return new FakeRun(values, events.all());
    }

    /** Made-up bytes of ids: words, a shared text, a fragment of a character, and ids that no tokenizer knows. */
    static ByteString bytes(int id) {
        if (id % 17 == 3) {
            return ByteString.EMPTY;
        }
        String word = switch (id % 5) {
            case 0 -> " word" + id;
            case 1 -> "東" + id;
            case 2 -> "\n\t" + id;
            case 3 -> " same";
            default -> "";
        };
        return word.isEmpty()
                ? ByteString.copyFrom(new byte[] {(byte) 0xE6, (byte) id})
                : ByteString.copyFrom(word, StandardCharsets.UTF_8);
    }
}
