package dev.stratalens.client;

import dev.stratalens.client.fake.FakeBatchServer;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.request.LensRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** Every rule of Reactive Streams that binds a publisher, by its own compatibility kit. */
class PublisherRulesTest {

    private static final LensRequest REQUEST = LensRequest.of("a prompt").build();
    private static final FakeBatchServer SERVER =
            new FakeBatchServer(FakeRun.of(3, REQUEST).events(), 1, Set.of(), FakeBatchServer.NEVER);
    private static final LensClient CLIENT = SERVER.client();

    @AfterAll
    static void close() {
        CLIENT.close();
        SERVER.close();
    }

    @TestFactory
    Stream<DynamicTest> aBatchKeepsTheRules() {
        Batches batches = new Batches();
        return Arrays.stream(Batches.class.getMethods())
                .filter(method -> method.getName().startsWith("required_"))
                .map(rule -> DynamicTest.dynamicTest(rule.getName(), () -> check(batches, rule)));
    }

    private static void check(Batches batches, Method rule) throws Throwable {
        batches.setUp();
        try {
            rule.invoke(batches);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Public, as the kit's methods are called from outside. */
    public static final class Batches extends FlowPublisherVerification<BatchOutcome> {

        Batches() {
            super(new TestEnvironment(1_000, 100));
        }

        @Override
        public Flow.Publisher<BatchOutcome> createFlowPublisher(long elements) {
            return CLIENT.analyzeAll(Stream.generate(() -> REQUEST).limit(elements));
        }

        /** One that was read before. */
        @Override
        public Flow.Publisher<BatchOutcome> createFailedFlowPublisher() {
            LensBatch read = CLIENT.analyzeAll(Stream.of(REQUEST));
            var unused = read.iterator();
            return read;
        }
    }
}
