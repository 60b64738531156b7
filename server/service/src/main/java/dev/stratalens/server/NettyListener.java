package dev.stratalens.server;

import dev.stratalens.server.access.file.FileWatch;
import dev.stratalens.server.config.ConnectionLimits;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An address to listen on, over TCP.
 *
 * @param host name or address
 * @param port 0 for any that is free
 * @param limits of connections
 * @param silence after which a connection is asked for a sign of life, to notice a client that disappeared and stop its work
 */
record NettyListener(String host, int port, TransportSecurity security, ConnectionLimits limits, Duration silence) {

    /** By default. */
    static final Duration SILENCE = Duration.ofSeconds(30);

    private static final Duration MOST_FOR_AN_ANSWER = Duration.ofSeconds(20);

    /** Of all servers in this process. */
    private static final EventLoopGroup ACCEPTING = threads("stratalens-accept", 1);
    /** As many as Netty takes for the cores. */
    private static final EventLoopGroup CONNECTIONS = threads("stratalens-net", 0);

    /** Far above what clients give up when a server is overloaded, and far below what costs it anything. */
    private static final int MOST_RESETS_A_SECOND = 1000;

    private static EventLoopGroup threads(String name, int count) {
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }

    /**
     * Binds the address and serves what is added.
     *
     * @param files watches the files of TLS
     * @throws BindException if the address cannot be listened on now
     * @throws IOException if a setting is wrong; both say which one, and what to do
     */
    Server start(UnaryOperator<ServerBuilder<?>> services, FileWatch files) throws IOException {
        Server server = services.apply(prepare(files)).build();
        try {
            return server.start();
        } catch (IOException failure) {
            server.shutdownNow();
            BindException taken = new BindException(
                    "cannot listen on %s:%d (%s). Choose another port or host, or stop what listens there."
                            .formatted(host, port, reason(failure)));
            taken.initCause(failure);
            throw taken;
        }
    }

    /** gRPC repeats the address; what the system says about it is behind that. */
    private static @Nullable String reason(IOException failure) {
        return failure.getCause() == null
                ? failure.getMessage()
                : failure.getCause().getMessage();
    }

    private ServerBuilder<?> prepare(FileWatch files) throws IOException {
        InetAddress address = address();
        if (security instanceof TransportSecurity.LoopbackPlaintext && !address.isLoopbackAddress()) {
            throw new IOException(("host: without TLS the server listens on loopback only, and %s is another address."
                            + " Give tls-cert and tls-key, or allow-plaintext.")
                    .formatted(host));
        }
        ServerCredentials credentials = security instanceof TransportSecurity.Tls tls
                ? TlsFiles.watched(tls, files)
                : InsecureServerCredentials.create();
        return NettyServerBuilder.forAddress(new InetSocketAddress(address, port), credentials)
                // Nothing that a call does waits or takes long on the thread that brings it: texts are read elsewhere,
                // unless
                // they are brief, and passes run elsewhere. With threads of their own, a request would pass through
                // four.
                .directExecutor()
                .channelFactory(() -> new BoundedServerChannel(limits.connections()))
                .bossEventLoopGroup(ACCEPTING)
                .workerEventLoopGroup(CONNECTIONS)
                .maxConcurrentCallsPerConnection(limits.callsPerConnection())
                .maxInboundMetadataSize(limits.headerBytes())
                .maxInboundMessageSize(limits.messageBytes())
                .maxRstFramesPerWindow(MOST_RESETS_A_SECOND, 1)
                .handshakeTimeout(limits.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(limits.idle().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(silence.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(timeToAnswer().toMillis(), TimeUnit.MILLISECONDS)
                // Clients may ask as often, also while they only hold the connection.
                .permitKeepAliveTime(20, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                // A fixed window: to measure one, a ping goes out with each request.
                .flowControlWindow(NettyServerBuilder.DEFAULT_FLOW_CONTROL_WINDOW);
    }

    private Duration timeToAnswer() {
        return silence.compareTo(MOST_FOR_AN_ANSWER) < 0 ? silence : MOST_FOR_AN_ANSWER;
    }

    private InetAddress address() throws IOException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new IOException(
                    "host: no address is known for %s. Give an address of this machine, or a name that leads to one."
                            .formatted(host),
                    unknown);
        }
    }
}
