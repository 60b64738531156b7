package dev.stratalens.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.config.LogFormat;
import dev.stratalens.server.config.OperatorConfig;
import io.grpc.ConnectivityState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ConnectionAgeTest {

    @Test
    void anOldConnectionIsClosedAndTheNextCallMakesAnother() throws Exception {
        OperatorConfig config = new OperatorConfig(
                LogFormat.TEXT, Optional.empty(), Optional.empty(), Duration.ofSeconds(1), Optional.empty());
        try (OperatedServer server = OperatedServer.start(config)) {
            server.analyze("x");
            CountDownLatch closed = new CountDownLatch(1);
            server.channel().notifyWhenStateChanged(ConnectivityState.READY, closed::countDown);
            assertTrue(closed.await(20, TimeUnit.SECONDS));

            server.analyze("y");
        }
    }
}
