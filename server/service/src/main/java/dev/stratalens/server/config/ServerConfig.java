package dev.stratalens.server.config;

import dev.stratalens.engine.model.Precision;
import dev.stratalens.server.access.control.AccessConfig;
import dev.stratalens.server.models.ModelManagement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a server is told. Made by {@link ConfigReader}; every value is valid by itself and with the others.
 *
 * @param host name or address to listen on
 * @param port 0 for any that is free
 * @param models by served name, in the order given; at least one
 * @param warmUp whether models are warmed up once they are loaded
 * @param management whether callers may load and unload models
 * @param access who may call
 * @param tls empty for plaintext
 * @param allowPlaintext whether plaintext is meant on an address that other machines reach
 * @param precision in which type models compute
 * @param memoryBudget bytes that the weights of all models may take together
 * @param lensesInMemory fitted lenses of a model whose maps are in memory at a time
 * @param maxRequestMemory bytes that one request may need in addition to the weights
 * @param workBuffer bound of the buffer for logits, in bytes
 * @param outboundBuffer bytes of results that wait for one reader
 * @param queueCapacity requests that may wait for a model, not counting the prompts of batches
 * @param batchWindow prompts of one batch that may be in flight
 * @param slowReaderTimeout how long a reader may take nothing
 * @param gracePeriod how long running calls may go on once the server is told to stop
 * @param threads 0 for as many as there are cores
 * @param reflection whether the reflection service answers
 * @param operator what an operator sees
 * @param connections what connections may take
 */
public record ServerConfig(
        String host,
        int port,
        Map<String, ConfiguredModel> models,
        boolean warmUp,
        ModelManagement management,
        AccessConfig access,
        Optional<Tls> tls,
        boolean allowPlaintext,
        Precision precision,
        long memoryBudget,
        int lensesInMemory,
        long maxRequestMemory,
        long workBuffer,
        int outboundBuffer,
        int queueCapacity,
        int batchWindow,
        Duration slowReaderTimeout,
        Duration gracePeriod,
        int threads,
        boolean reflection,
        OperatorConfig operator,
        ConnectionLimits connections) {

    /**
     * PEM files.
     *
     * @param certificate certificate chain
     * @param key private key, PKCS#8
     */
    public record Tls(Path certificate, Path key) {}

    /** Copies the models, keeping their order. */
    public ServerConfig {
        models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
    }
}
