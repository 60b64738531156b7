package dev.stratalens.server.models;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.LoadedModel;
import dev.stratalens.engine.lens.reading.GivenLenses;
import dev.stratalens.engine.lens.transport.FittedLens;
import dev.stratalens.engine.lens.transport.LensFiles;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.tensor.TorchRuntime;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.server.hub.ModelLocation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** Loads models from checkpoints, wherever those come from. */
public final class CheckpointLoader implements EngineLoader {

    private final Map<String, ModelLocation> locations;
    private final Map<String, Map<String, ModelLocation>> lenses;
    private final Options options;
    private final ModelDevices devices;
    private volatile String libraryVersion = "";

    /**
     * How models are loaded.
     *
     * @param precision compute type
     * @param workBufferBytes bound of each model's buffer for logits
     * @param threads over which products and statistics are shared out
     * @param lensesInMemory fitted lenses of a model whose maps are in memory at a time
     */
    public record Options(Precision precision, long workBufferBytes, int threads, int lensesInMemory) {

        /** Every fitted lens is loaded with its model. */
        public static final int ALL_LENSES = Integer.MAX_VALUE;

        /** Options with all lenses in memory. */
        public Options(Precision precision, long workBufferBytes, int threads) {
            this(precision, workBufferBytes, threads, ALL_LENSES);
        }
    }

    /** @param directories checkpoints of this machine by served name */
    public CheckpointLoader(Map<String, Path> directories, Options options) {
        this(
                options,
                directories.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> listener -> entry.getValue())),
                Map.of(),
                ModelDevices.PROCESSOR);
    }

    /**
     * A loader of models from anywhere.
     *
     * @param locations of the checkpoints by served name
     * @param lenses files of fitted lenses by served name, and by the name of the lens
     * @param devices on which the models compute
     */
    public CheckpointLoader(
            Options options,
            Map<String, ModelLocation> locations,
            Map<String, Map<String, ModelLocation>> lenses,
            ModelDevices devices) {
        this.locations = Map.copyOf(locations);
        this.lenses = Map.copyOf(lenses);
        this.options = options;
        this.devices = devices;
    }

    @Override
    public LensEngine load(String name, ModelLoadListener listener) {
        Path directory = requireNonNull(locations.get(name), name)
                .locate(progress -> listener.downloaded(progress.doneBytes(), progress.totalBytes()));
        Checkpoint checkpoint = CheckpointReader.open(directory);
        Map<String, FittedLens> fitted = new LinkedHashMap<>();
        lenses.getOrDefault(name, Map.of())
                .forEach((lens, location) -> fitted.put(
                        lens,
                        LensFiles.read(location.locate(
                                progress -> listener.downloaded(progress.doneBytes(), progress.totalBytes())))));
        var given = new GivenLenses(fitted, options.lensesInMemory());
        var memory = new LensMemory(given);
        // The tokenizer's library is loaded while PyTorch's is.
        CompletableFuture<Tokenizer> tokenizer =
                CompletableFuture.supplyAsync(() -> CheckpointReader.tokenizer(directory));
        CausalLanguageModel model;
        try {
            TorchRuntime.useThreads(options.threads());
            libraryVersion = TorchRuntime.libraryVersion();
            model = CausalLanguageModel.load(
                    checkpoint,
                    options.precision(),
                    memory.beside(devices.placer(name, listener)),
                    memory.beside(listener));
        } catch (RuntimeException | Error e) {
            var unused = tokenizer.thenAccept(Tokenizer::close);
            throw e;
        }
        try {
            Tokenizer reader = join(tokenizer);
            // Tiles are timed where this machine has not timed them before.
            return listener.inTurn(
                    () -> LoadedModel.of(name, model, reader, given, options.workBufferBytes(), options.threads()));
        } catch (RuntimeException | Error e) {
            var unused = tokenizer.thenAccept(Tokenizer::close);
            model.close();
            throw e;
        }
    }

    @Override
    public String libraryVersion() {
        return libraryVersion;
    }

    @Override
    public List<HostDevice> cards() {
        return devices.cards();
    }

    private static Tokenizer join(CompletableFuture<Tokenizer> tokenizer) {
        try {
            return tokenizer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }
}
