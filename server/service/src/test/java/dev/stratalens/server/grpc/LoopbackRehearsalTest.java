package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LoopbackRehearsalTest {

    private final FakeLensEngine engine = FakeLensEngine.named("fake");
    private final ComputeThread compute = new ComputeThread();

    @AfterEach
    void close() {
        compute.close();
    }

    @Test
    void callsRunThroughAServiceToAModelThatComputesOnce() {
        try (LoopbackRehearsal rehearsal = rehearsalOf(engine)) {
            rehearsal.call();
            rehearsal.call();

            assertEquals(1, engine.passes().size());
            assertFalse(rehearsal.isOver());
        }
    }

    @Test
    void aCallThatFailsSaysSo() {
        engine.failWith(new IllegalStateException("no weights"));
        try (LoopbackRehearsal rehearsal = rehearsalOf(engine)) {
            assertThrows(StatusRuntimeException.class, rehearsal::call);
        }
    }

    @Test
    void closedItLetsGoOfTheModelAndLoadsItAgain() {
        FakeLensEngine next = FakeLensEngine.named("next");
        LoopbackRehearsal rehearsal = rehearsalOf(engine, next);
        rehearsal.call();
        rehearsal.close();
        assertTrue(engine.isClosed());

        rehearsal.call();
        rehearsal.close();

        assertEquals(1, next.passes().size());
    }

    @Test
    void strangersAreRefused() throws IOException {
        String name = UUID.randomUUID().toString();
        var key = new RehearsalKey();
        Server server = InProcessServerBuilder.forName(name)
                .directExecutor()
                .intercept(key.onServer())
                .addService(new LensServiceGrpc.LensServiceImplBase() {})
                .build()
                .start();
        ManagedChannel channel =
                InProcessChannelBuilder.forName(name).directExecutor().build();
        try {
            assertEquals(Code.PERMISSION_DENIED, code(LensServiceGrpc.newBlockingStub(channel)));
            assertEquals(
                    Code.PERMISSION_DENIED,
                    code(LensServiceGrpc.newBlockingStub(channel).withInterceptors(new RehearsalKey().onClient())));
            assertEquals(
                    Code.UNIMPLEMENTED,
                    code(LensServiceGrpc.newBlockingStub(channel).withInterceptors(key.onClient())));
        } finally {
            channel.shutdownNow();
            server.shutdownNow();
        }
    }

    private LoopbackRehearsal rehearsalOf(FakeLensEngine... engines) {
        Iterator<FakeLensEngine> loads = List.of(engines).iterator();
        return new LoopbackRehearsal((name, listener) -> loads.next(), compute);
    }

    private static Code code(LensServiceGrpc.LensServiceBlockingStub stub) {
        return assertThrows(
                        StatusRuntimeException.class,
                        () -> stub.analyze(AnalyzeRequest.getDefaultInstance()).hasNext())
                .getStatus()
                .getCode();
    }
}
