package dev.stratalens.engine.model;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.rope.RotaryFrequencies;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.model.weight.PlacedWeight;
import dev.stratalens.engine.model.weight.TorchTypes;
import dev.stratalens.engine.model.weight.UnstoredWeights;
import dev.stratalens.engine.model.weight.WeightPlan;
import dev.stratalens.engine.model.weight.WeightStore;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import dev.stratalens.engine.tensor.TorchTensorMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every method of every program runs on a device with shapes but no values. It refuses operators over tensors of
 * several devices, so a program that passes creates no tensor on another device.
 */
class MetaDeviceTest {

    private static final long FLOAT32 = TorchTypes.code(DataType.FLOAT32);
    private static final int TOKENS = 7;

    /** Methods that read values, and why. */
    private static final Map<String, String> READS_VALUES = Map.of(
            "decoder.mixture", "which experts were chosen, and how many tokens each has, decides which products run",
            "weights.map_file", "maps numbers of a file");

    /** Programs with their texts. */
    private static final Map<String, List<String>> PROGRAMS = Map.of(
            "decoder",
            List.of(
                    "decoder",
                    "one_stream",
                    "altup",
                    "hyper_connections",
                    "compressed_attention",
                    "attention",
                    "only_attention",
                    "only_mamba2",
                    "attention_and_mamba2",
                    "shared_before_mamba2",
                    "causal_convolution",
                    "channel_delta",
                    "short_convolution",
                    "decaying_state",
                    "gated_delta",
                    "gated_recurrence",
                    "lightning_attention",
                    "mamba1",
                    "mamba2",
                    "no_mixer"),
            "head",
            List.of("head"),
            "device_head",
            List.of("device_head"),
            "self_check",
            List.of("self_check"),
            "weights",
            List.of("weights"),
            "calibration",
            List.of("calibration"));

    private static final long UINT8 = 0;

    private static final Pattern CALL = Pattern.compile("self\\.(\\w+)\\(");

    private final Set<String> run = new TreeSet<>();
    private final TorchProgram cpu = TorchProgram.compile(Device.CPU, "weights", Map.of(), new TensorCount());
    private final TorchProgram whereabouts =
            TorchProgram.compile(Device.META, MetaDeviceTest.class, "whereabouts", Map.of(), new TensorCount());
    private final TorchScope numbers = cpu.scope();
    private final TorchScope shapes = whereabouts.scope();

    @BeforeAll
    static void asInProduction() {
        TorchProgram.disableShapeSpecialization();
    }

    @AfterEach
    void close() {
        shapes.close();
        numbers.close();
        whereabouts.close();
        cpu.close();
    }

    @ParameterizedTest
    @MethodSource("dev.stratalens.engine.parity.ParityCases#all")
    void everyFamilysBlocks(ParityCase parity) {
        Checkpoint checkpoint = CheckpointReader.open(parity.modelDirectory());
        Architecture architecture = Architectures.of(checkpoint.config());
        WeightPlan plan = WeightPlan.of(architecture, checkpoint.tensors());
        try (var owned = new OwnedResources();
                WeightStore store = new WeightStore(Device.CPU, new TensorCount())) {
            var programs = new HashMap<Mixer, Named>();
            var blocks = new BlockPrograms(architecture, Device.META, 3, owned);
            IntFunction<Named> programOf = block -> programs.computeIfAbsent(
                    architecture.mixer().apply(block), mixer -> new Named("decoder", blocks.of(mixer)));
            Named program = programOf.apply(0);
            TorchTensorMap embedding = program.program().map(onMeta(store.load(plan.embedding(), DataType.FLOAT32)));
            TorchTensor residual = tensor(program, "embed", ids(TOKENS), embedding, lengths(), new long[] {0, 2});
            int block = 0;
            for (Map<String, PlacedWeight> slots : plan.blocks()) {
                Map<String, TorchTensor> weights = onMeta(store.load(slots, DataType.FLOAT32));
                weights.putAll(onMeta(new UnstoredWeights(architecture, store, DataType.FLOAT32).ofBlock(block)));
                program = programOf.apply(block);
                if (weights.containsKey("router.weight")) {
                    residual = mixture(program, residual, weights, architecture, block);
                } else {
                    residual = block(program, residual, program.program().map(weights), architecture, block);
                }
                block++;
            }
        }
    }

    private TorchTensor block(
            Named program, TorchTensor residual, TorchTensorMap weights, Architecture architecture, int block) {
        TorchTensor angles = angles(architecture, block);
        double scale = architecture.attention().scale().applyAsDouble(block);
        int window = architecture.attention().window().applyAsInt(block);
        int remembered = lengths().length * architecture.mixer().apply(block).remembered();
        TorchTensor after = tensor(program, "block", residual, weights, angles, angles, scale, window, lengths());
        var first = program.program()
                .tensors(
                        shapes,
                        "block_with_state",
                        residual,
                        weights,
                        angles,
                        angles,
                        scale,
                        window,
                        lengths(),
                        new long[] {0, 0},
                        Collections.nCopies(remembered, zeros(0, 0)).toArray(TorchTensor[]::new));
        run.add("decoder.block_with_state");
        var second = program.program()
                .tensors(
                        shapes,
                        "block_with_state",
                        residual,
                        weights,
                        angles,
                        angles,
                        scale,
                        window,
                        lengths(),
                        lengths(),
                        first.subList(0, remembered).toArray(TorchTensor[]::new));
        first.forEach(this::assertOnMeta);
        second.forEach(this::assertOnMeta);
        return after;
    }

    /** A mixture except the choice of products. */
    private TorchTensor mixture(
            Named program,
            TorchTensor residual,
            Map<String, TorchTensor> weights,
            Architecture architecture,
            int block) {
        TorchTensorMap all = program.program().map(weights);
        TorchTensor stream = zeros(TOKENS, architecture.extents().hidden());
        execute(program, "route", stream, all);
        boolean narrowed = weights.containsKey("experts_input.weight");
        TorchTensor seen = narrowed ? tensor(program, "project", stream, all, "experts_input") : stream;
        TorchTensor made = tensor(program, "dense", seen, all, "expert.0.");
        if (narrowed) {
            tensor(program, "project", made, all, "experts_output");
        }
        assertThrows(RuntimeException.class, () -> program.program().tensor(shapes, "mixture", stream, all));
        // The rest of the block, with one expert of its width for all tokens.
        String whole = narrowed ? "shared_expert." : "expert.0.";
        var dense = new HashMap<String, TorchTensor>();
        weights.forEach((slot, weight) -> {
            if (slot.startsWith(whole)) {
                dense.put(slot.substring(whole.length()), weight);
            }
        });
        weights.forEach((slot, weight) -> {
            if (!slot.startsWith("router") && !slot.startsWith("expert.")) {
                dense.put(slot, weight);
            }
        });
        return block(program, residual, program.program().map(dense), architecture, block);
    }

    @Test
    void rowsOfTheResidualStream() {
        Architecture architecture = Architectures.of(
                CheckpointReader.open(ParityCases.named("llama").modelDirectory())
                        .config());
        try (Named program = new Named(
                "decoder",
                new BlockPrograms(architecture, Device.META, 3, new OwnedResources()).of(architecture.attention()))) {
            TorchTensorMap one = program.program().map(Map.of());
            TorchTensor rows = tensor(program, "empty_rows", (long) TOKENS, 24L, FLOAT32);
            TorchTensor some = tensor(program, "select_rows", rows, ids(3));
            TorchTensor store = tensor(program, "empty_rows", 20L, 24L, FLOAT32);
            execute(program, "copy_rows", store, 2, rows, 1, 3);
            execute(program, "keep_rows", rows, one, ids(3), store, ids(3), 5);
            execute(program, "put_rows", some, one, store, ids(3), 5);
            tensor(program, "rounded", rows, TorchTypes.code(DataType.BFLOAT16));
        }
    }

    /** With and without a bias, a cap, a projection; with norms of both kinds. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gemma2", "phi", "opt-350m", "cohere"})
    void headAndSelfCheck(String name) {
        ParityCase parity = ParityCases.named(name);
        Checkpoint checkpoint = CheckpointReader.open(parity.modelDirectory());
        Architecture architecture = Architectures.of(checkpoint.config());
        WeightPlan plan = WeightPlan.of(architecture, checkpoint.tensors());
        try (WeightStore store = new WeightStore(Device.CPU, new TensorCount());
                Named head = Named.of("head", Head.constants(architecture));
                Named check = Named.of("self_check", Head.constants(architecture))) {
            Map<String, TorchTensor> tensors = onMeta(store.load(plan.head(), DataType.FLOAT32));
            TorchTensorMap weights = head.program().map(tensors);
            int width = Math.toIntExact(requireNonNull(plan.head().get(Slot.weight(Slot.UNEMBEDDING)))
                    .source()
                    .storedShape()
                    .get(1));
            int vocabulary =
                    requireNonNull(tensors.get(Slot.weight(Slot.UNEMBEDDING))).rows();
            TorchTensor residual = zeros(TOKENS, architecture.extents().hidden());
            TorchTensor rows = tensor(head, "normed", residual, weights);
            tensor(head, "raw", residual, weights);
            tensor(head, "rounded", rows, TorchTypes.code(DataType.BFLOAT16));
            tensor(head, "slice_rows", rows, 1, 3);
            tensor(head, "rows_at", rows, ids(3));
            tensor(head, "contiguous_rows", weights, 0, vocabulary);
            TorchTensor buffer = tensor(head, "empty_buffer", (long) TOKENS * vocabulary, FLOAT32);
            execute(head, "project_tile", rows, weights, 0, vocabulary, buffer);
            boolean biased = plan.head().containsKey(Slot.bias(Slot.UNEMBEDDING));
            TorchTensor sums = tensor(head, "zeros", (long) TOKENS, (long) width + (biased ? 1 : 0));
            TorchTensor totals = tensor(head, "zeros", (long) TOKENS, 1L);
            execute(
                    head,
                    "add_expectation",
                    buffer,
                    weights,
                    0,
                    vocabulary,
                    zeros(TOKENS),
                    zeros(TOKENS),
                    sums,
                    totals);
            execute(head, "add_sums", sums, totals, zeros(TOKENS, 1), sums, totals, zeros(TOKENS, 1));
            execute(head, "divide_rows", sums, totals);
            tensor(head, "dot_rows", rows, sums, ids(TOKENS));
            execute(head, "copy_rows", zeros(TOKENS, width), rows);
            tensor(head, "capped_expectations", rows, weights, rows, ids(TOKENS));
            TorchTensor plain =
                    tensor(check, "normed", residual, check.program().map(tensors));
            tensor(check, "logits", plain, check.program().map(tensors));
        }
    }

    /** The same heads, read on their device. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gemma2", "phi", "opt-350m", "cohere"})
    void headOnADevice(String name) {
        Checkpoint checkpoint = CheckpointReader.open(ParityCases.named(name).modelDirectory());
        Architecture architecture = Architectures.of(checkpoint.config());
        WeightPlan plan = WeightPlan.of(architecture, checkpoint.tensors());
        var constants = new HashMap<>(Head.constants(architecture));
        constants.put("gathered", 100L);
        try (WeightStore store = new WeightStore(Device.CPU, new TensorCount());
                Named head = new Named(
                        "device_head",
                        TorchProgram.compile(
                                Device.META, List.of("head", "device_head"), constants, new TensorCount()))) {
            TorchTensorMap weights = head.program().map(onMeta(store.load(plan.head(), DataType.FLOAT32)));
            long[] unembedding = requireNonNull(plan.head().get(Slot.weight(Slot.UNEMBEDDING)))
                    .tensor()
                    .shape();
            TorchTensor rows = zeros(TOKENS, (int) unembedding[1]);
            TorchTensor targets = shapes.copyOf(numbers.longs(new long[TOKENS * 2], TOKENS, 2));
            var begun = new ArrayList<>(head.program().tensors(shapes, "begin", rows, weights, targets, 5, 3, 2));
            run.add("device_head.begin");
            int vocabulary = (int) unembedding[0];
            TorchTensor sign = shapes.copyOf(numbers.floats(new float[1], 1));
            TorchTensor penalties = shapes.copyOf(numbers.floats(new float[vocabulary], vocabulary));
            begun.addAll(head.program().tensors(shapes, "begin_ranking", rows, sign, penalties, 4));
            run.add("device_head.begin_ranking");
            TorchTensor[] running = begun.toArray(TorchTensor[]::new);
            TorchTensor rounded = tensor(head, "as_weights", rows, weights);
            execute(head, "add_tile", rounded, weights, 0, vocabulary, 8, targets, ids(2), running);
            Stream.of(running).forEach(this::assertOnMeta);
            tensor(head, "packed", rows, weights, true, running);
            tensor(head, "group_logits", rows, weights, targets);
            tensor(head, "widened_logits", rows, weights);
        }
    }

    @Test
    void weights() {
        try (Named program = Named.of("weights", Map.of())) {
            TorchTensor storage = tensor(program, "empty", 24L, FLOAT32);
            TorchTensor view = tensor(program, "view", storage, new long[] {2, 3, 4}, new long[] {12, 4, 1}, 0L);
            TorchTensor joined = tensor(program, "joined", view);
            TorchTensor stacked = tensor(program, "stacked", joined);
            tensor(program, "with_next", stacked, joined);
            tensor(program, "ones", 3L, FLOAT32);
            tensor(program, "convert", joined, TorchTypes.code(DataType.BFLOAT16));
            TorchTensor codes = tensor(program, "empty", 24L, UINT8);
            TorchTensor halves = tensor(program, "empty", 12L, UINT8);
            for (boolean areHalves : new boolean[] {false, true}) {
                tensor(
                        program,
                        "unpacked",
                        areHalves ? halves : codes,
                        zeros(16),
                        zeros(6),
                        zeros(6),
                        4L,
                        24L,
                        areHalves,
                        areHalves,
                        FLOAT32);
            }
        }
    }

    @Test
    void calibration() {
        try (Named program = Named.of("calibration", Map.of())) {
            TorchTensor rows = tensor(program, "random", 3L, 4L, FLOAT32);
            tensor(program, "product", rows, rows);
        }
    }

    /** Every method is run above, or called by one of those. */
    @Test
    void noMethodIsLeftOut() {
        rowsOfTheResidualStream();
        Stream.of(
                        "mixtral",
                        "ministral3",
                        "lfm2",
                        "qwen3_next",
                        "jamba",
                        "mamba2",
                        "nemotron_h",
                        "nemotron_h-latent",
                        "kimi_linear",
                        "zamba2-shared",
                        "falcon_h1",
                        "minimax",
                        "recurrent_gemma",
                        "gemma4_text",
                        "gemma4_text-experts")
                .map(ParityCases::named)
                .forEach(this::everyFamilysBlocks);
        headAndSelfCheck("llama");
        headOnADevice("llama");
        weights();
        calibration();

        for (String program : PROGRAMS.keySet()) {
            Map<String, Set<String>> calls = calls(requireNonNull(PROGRAMS.get(program)));
            var left = new TreeSet<String>();
            calls.keySet().forEach(method -> left.add(program + "." + method));
            var next = new ArrayDeque<>(calls.keySet().stream()
                    .filter(method -> run.contains(program + "." + method))
                    .toList());
            while (!next.isEmpty()) {
                String method = next.pop();
                if (left.remove(program + "." + method)) {
                    next.addAll(calls.getOrDefault(method, Set.of()));
                }
            }
            left.removeAll(READS_VALUES.keySet());
            assertEquals(Set.of(), left);
        }
    }

    /** The methods that each method of a program calls. */
    private static Map<String, Set<String>> calls(List<String> texts) {
        var calls = new HashMap<String, Set<String>>();
        String all = texts.stream().map(MetaDeviceTest::source).collect(Collectors.joining("\n"));
        for (String method : all.split("(?m)^def ", -1)) {
            Matcher called = CALL.matcher(method);
            var names = new HashSet<String>();
            while (called.find()) {
                names.add(called.group(1));
            }
            calls.computeIfAbsent(method.split("\\(", 2)[0], name -> new HashSet<>())
                    .addAll(names);
        }
        calls.keySet().removeIf(name -> !name.matches("\\w+"));
        return calls;
    }

    private static String source(String program) {
        try (var in = requireNonNull(TorchProgram.class.getResourceAsStream(program + ".torchscript"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TorchTensor tensor(Named program, String method, Object... arguments) {
        run.add(program.name() + "." + method);
        TorchTensor made = program.program().tensor(shapes, method, arguments);
        assertOnMeta(made);
        return made;
    }

    private void execute(Named program, String method, Object... arguments) {
        run.add(program.name() + "." + method);
        program.program().execute(method, arguments);
    }

    private void assertOnMeta(TorchTensor tensor) {
        assertEquals(1, whereabouts.tensor(shapes, "lies_on", tensor, "meta").rows());
    }

    /** Two prompts of so many tokens in all. */
    private static long[] lengths() {
        return new long[] {3, TOKENS - 3};
    }

    private TorchTensor ids(int count) {
        return shapes.copyOf(numbers.longs(new long[count], count));
    }

    private TorchTensor zeros(int... shape) {
        int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return shapes.copyOf(numbers.floats(new float[size], toLongs(shape)));
    }

    private static long[] toLongs(int[] shape) {
        return Arrays.stream(shape).asLongStream().toArray();
    }

    private TorchTensor angles(Architecture architecture, int block) {
        return architecture
                .attention()
                .rotary()
                .apply(block)
                .map(rope -> zeros(
                        TOKENS,
                        new RotaryFrequencies(rope, architecture.extents().headSize(), 1).pairs()))
                .orElseGet(() -> zeros(0, 0));
    }

    private Map<String, TorchTensor> onMeta(Map<String, TorchTensor> tensors) {
        var copies = new HashMap<String, TorchTensor>();
        tensors.forEach((slot, tensor) -> copies.put(slot, shapes.copyOf(tensor)));
        return copies;
    }

    /** A program for shapes only. */
    private record Named(String name, TorchProgram program) implements AutoCloseable {

        static Named of(String name, Map<String, Object> constants) {
            return new Named(name, TorchProgram.compile(Device.META, name, constants, new TensorCount()));
        }

        @Override
        public void close() {
            program.close();
        }
    }
}
