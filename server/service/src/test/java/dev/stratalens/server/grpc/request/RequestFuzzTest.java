package dev.stratalens.server.grpc.request;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.server.grpc.status.FailureStatus;
import dev.stratalens.v1.AnalyzeRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message that is a request becomes a plan, or is refused with a status that does not look like a fault of the server. */
@Timeout(60)
final class RequestFuzzTest {

    private static final ModelDescription MODEL = FakeModel.named("fake");
    private static final Tokenizer TOKENIZER = new FakeTokenizer();
    private static final FailureStatus FAILURES = new FailureStatus();

    @MethodSource("dev.stratalens.server.grpc.request.SampleRequests#analyze")
    @FuzzTest
    void analyze(byte[] bytes) {
        AnalyzeRequest request;
        try {
            request = AnalyzeRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return;
        }
        try {
            RequestParser.wireOptions(request);
            LensPlanner.plan(RequestParser.parse(request), MODEL, TOKENIZER);
        } catch (LensFailure e) {
            StatusRuntimeException refusal = FAILURES.exceptionOf(e, request.getModel());
            Code code = refusal.getStatus().getCode();
            if (code == Code.INTERNAL || code == Code.UNKNOWN) {
                throw new AssertionError("looks like a fault of the server", refusal);
            }
        }
    }
}
