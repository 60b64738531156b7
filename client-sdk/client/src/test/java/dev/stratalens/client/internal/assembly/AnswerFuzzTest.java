package dev.stratalens.client.internal.assembly;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.Event;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Every answer of a server is a result, or a failure that says what is wrong with it. */
@Timeout(60)
class AnswerFuzzTest {

    private static final LensRequest REQUEST =
            LensRequest.of("p").target(LensTarget.nextToken()).topK(2).build();

    @MethodSource
    @FuzzTest
    void answer(byte[] bytes) {
        AnalyzeResponse response;
        try {
            response = AnalyzeResponse.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return;
        }
        ResultAssembler assembler = new ResultAssembler(REQUEST);
        try {
            for (Event event : response.getEventsList()) {
                assembler.add(event);
                assembler.model();
                while (assembler.nextLayer() != null) {}
            }
            assembler.finish();
        } catch (LensException e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("a failure that says nothing", e);
            }
        }
    }

    static Stream<byte[]> answer() {
        return Stream.of(AnalyzeResponse.newBuilder()
                .addAllEvents(FakeRun.of(1, REQUEST).events())
                .build()
                .toByteArray());
    }
}
