package dev.stratalens.server;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections as long as few enough are open, and closes further ones before anything is read from them. */
final class BoundedServerChannel extends NioServerSocketChannel {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedServerChannel.class);

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    // Only of the thread that accepts.
    private int refused;
    private long lastLine = System.nanoTime() - BETWEEN_LINES.toNanos();

    BoundedServerChannel(int most) {
        this.most = most;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int before = accepted.size();
        int count = super.doReadMessages(accepted);
        for (int i = accepted.size() - 1; i >= before; i--) {
            Channel connection = (Channel) accepted.get(i);
            if (open.incrementAndGet() > most) {
                open.decrementAndGet();
                accepted.remove(i);
                connection.unsafe().closeForcibly();
                refused();
            } else {
                connection.closeFuture().addListener(closed -> open.decrementAndGet());
            }
        }
        return count;
    }

    private void refused() {
        refused++;
        long now = System.nanoTime();
        if (now - lastLine >= BETWEEN_LINES.toNanos()) {
            LOG.warn(
                    "{} connections are open, the most that may (max-connections); closed {} new ones since the last such line",
                    most,
                    refused);
            refused = 0;
            lastLine = now;
        }
    }
}
