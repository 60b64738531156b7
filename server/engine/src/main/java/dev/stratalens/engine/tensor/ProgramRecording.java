package dev.stratalens.engine.tensor;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records the calls of programs in files that PyTorch for Python replays on any device (bench/gpu/check.py): the
 * programs, the tensors that they are given, the calls in order, and the numbers that were read. One recording at a time,
 * of a model that computes on one thread.
 */
public final class ProgramRecording implements AutoCloseable {

    private static volatile @Nullable ProgramRecording current;

    private final Path folder;
    private final TorchProgram saver;
    private final TorchScope scope;
    private final IdentityHashMap<TorchProgram, Integer> programs = new IdentityHashMap<>();
    private final IdentityHashMap<TorchTensorMap, Map<String, TorchTensor>> maps = new IdentityHashMap<>();
    private final IdentityHashMap<TorchTensorMap, Integer> mapNumbers = new IdentityHashMap<>();
    private final IdentityHashMap<TorchTensor, Integer> tensors = new IdentityHashMap<>();
    private final List<Map<String, Object>> programLines = new ArrayList<>();
    private final List<Map<String, Integer>> mapLines = new ArrayList<>();
    private final List<Map<String, Object>> calls = new ArrayList<>();
    private final List<Integer> givenNumbers = new ArrayList<>();
    private final List<TorchTensor> given = new ArrayList<>();
    private final List<TorchTensor> read = new ArrayList<>();
    private boolean recordsCalls;

    private ProgramRecording(Path folder) {
        this.folder = folder;
        this.saver = TorchProgram.compile(Device.CPU, "recording", Map.of(), new TensorCount());
        this.scope = saver.scope();
    }

    /** Records which programs are compiled from now on. */
    public static ProgramRecording start(Path folder) throws IOException {
        Files.createDirectories(folder);
        var recording = new ProgramRecording(folder);
        current = recording;
        return recording;
    }

    /** Records calls from now on. */
    public void recordCalls() {
        recordsCalls = true;
    }

    static void compiled(TorchProgram program, String name, byte[] archive) {
        ProgramRecording recording = current;
        if (recording != null) {
            recording.add(program, name, archive);
        }
    }

    private void add(TorchProgram program, String name, byte[] archive) {
        String file = "program-%d.pt".formatted(programs.size());
        try {
            Files.write(folder.resolve(file), archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        programs.put(program, programs.size());
        programLines.add(
                Map.of("file", file, "name", name, "device", program.device().name()));
    }

    static void mapped(TorchTensorMap map, Map<String, TorchTensor> tensors) {
        ProgramRecording recording = current;
        if (recording != null) {
            recording.maps.put(map, Map.copyOf(tensors));
        }
    }

    /** To be called before a method runs, since it may change what it is given. */
    static void called(TorchProgram program, String method, Object... arguments) {
        ProgramRecording recording = current;
        if (recording != null && recording.recordsCalls && recording.programs.containsKey(program)) {
            recording.add(program, method, arguments);
        }
    }

    private void add(TorchProgram program, String method, Object[] arguments) {
        var call = new LinkedHashMap<String, Object>();
        call.put("program", programs.get(program));
        call.put("method", method);
        var values = new ArrayList<Map<String, Object>>();
        for (Object argument : arguments) {
            values.add(value(argument));
        }
        call.put("arguments", values);
        calls.add(call);
    }

    private Map<String, Object> value(Object argument) {
        if (argument instanceof TorchTensor tensor) {
            return Map.of("tensor", number(tensor));
        } else if (argument instanceof TorchTensor[] several) {
            var numbers = new ArrayList<Integer>();
            for (TorchTensor tensor : several) {
                numbers.add(number(tensor));
            }
            return Map.of("tensors", numbers);
        } else if (argument instanceof TorchTensorMap map) {
            return Map.of("map", number(map));
        }
        return Map.of("value", argument);
    }

    /** A tensor that no recorded call has made is given. */
    private int number(TorchTensor tensor) {
        Integer known = tensors.get(tensor);
        if (known != null) {
            return known;
        }
        int number = tensors.size();
        tensors.put(tensor, number);
        givenNumbers.add(number);
        given.add(saver.copied(scope, tensor));
        return number;
    }

    private int number(TorchTensorMap map) {
        Integer known = mapNumbers.get(map);
        if (known != null) {
            return known;
        }
        var numbers = new LinkedHashMap<String, Integer>();
        maps.getOrDefault(map, Map.of()).forEach((name, tensor) -> numbers.put(name, number(tensor)));
        mapLines.add(numbers);
        mapNumbers.put(map, mapLines.size() - 1);
        return mapLines.size() - 1;
    }

    /** What the last call gave: one tensor, or a list. */
    static void returned(TorchProgram program, Object result) {
        ProgramRecording recording = current;
        if (recording != null && recording.recordsCalls && recording.programs.containsKey(program)) {
            recording.setResult(result);
        }
    }

    private void setResult(Object result) {
        Map<String, Object> call = calls.get(calls.size() - 1);
        if (result instanceof TorchTensor tensor) {
            call.put("result", made(tensor));
        } else {
            var numbers = new ArrayList<Integer>();
            for (Object tensor : (List<?>) result) {
                numbers.add(made((TorchTensor) tensor));
            }
            call.put("results", numbers);
        }
    }

    private int made(TorchTensor tensor) {
        int number = tensors.size();
        tensors.put(tensor, number);
        return number;
    }

    static void read(TorchTensor tensor) {
        ProgramRecording recording = current;
        if (recording != null && recording.recordsCalls && recording.tensors.containsKey(tensor)) {
            recording.calls.add(Map.of("read", recording.tensors.get(tensor)));
            recording.read.add(recording.saver.copied(recording.scope, tensor));
        }
    }

    /** Writes the files. */
    @Override
    public void close() throws IOException {
        current = null;
        try (saver;
                scope;
                Writer writer = Files.newBufferedWriter(folder.resolve("calls.json"))) {
            save("given.pt", given);
            save("read.pt", read);
            new Gson()
                    .toJson(
                            Map.of("programs", programLines, "maps", mapLines, "given", givenNumbers, "calls", calls),
                            writer);
        }
    }

    private void save(String file, List<TorchTensor> some) {
        saver.execute(
                "save", some.toArray(TorchTensor[]::new), folder.resolve(file).toString());
    }
}
