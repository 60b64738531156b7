package dev.stratalens.engine.tensor;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * TorchScript source text from the resources, compiled for a device with a model's constants as attributes. Its methods
 * define how one step is computed; Java decides what is computed, and when. Tensors of other devices are refused.
 *
 * <p>Not thread-safe. Closed by its owner.
 */
public final class TorchProgram implements AutoCloseable {

    /**
     * A method of every program; the attribute {@code device} is the device of the program. A copy to the processor waits
     * until the other device has computed what is copied. A copy to a card does not wait for what the card computes before: the
     * driver has taken the numbers out of memory that can be swapped when the call returns.
     */
    private static final String COPIED = """
            def copied(self, x: Tensor) -> Tensor:
              return x.to(torch.device(self.device), x.dtype, self.device != "cpu", True)
            """;

    private final Device device;
    private final Model model;
    private final PtSymbolBlock block;
    private final TensorCount tensors;

    private TorchProgram(Device device, Model model, TensorCount tensors) {
        this.device = device;
        this.model = model;
        this.tensors = tensors;
        this.block = (PtSymbolBlock) model.getBlock();
    }

    /** Compiles a program of this package. */
    public static TorchProgram compile(
            Device device, String name, Map<String, Object> attributes, TensorCount tensors) {
        return compile(device, TorchProgram.class, name, attributes, tensors);
    }

    /**
     * Compiles a program of this package whose methods are in several texts.
     *
     * @param texts resource names without their ending
     */
    public static TorchProgram compile(
            Device device, List<String> texts, Map<String, Object> attributes, TensorCount tensors) {
        String text =
                texts.stream().map(name -> source(TorchProgram.class, name)).collect(Collectors.joining("\n"));
        return compiled(device, texts.get(0), text, attributes, tensors);
    }

    /**
     * Compiles a program.
     *
     * @param device its device
     * @param neighbor a class in the package of the resource
     * @param name resource name without its ending: {@code decoder}
     * @param attributes constants: Long, Double, Boolean or String
     * @param tensors counts the tensors of its scopes
     */
    public static TorchProgram compile(
            Device device, Class<?> neighbor, String name, Map<String, Object> attributes, TensorCount tensors) {
        return compiled(device, name, source(neighbor, name), attributes, tensors);
    }

    private static TorchProgram compiled(
            Device device, String name, String methods, Map<String, Object> attributes, TensorCount tensors) {
        var all = new HashMap<>(attributes);
        all.put("device", device.libraryName());
        Model model = TorchRuntime.model(name);
        try {
            String text = methods + COPIED;
            String source = device.equals(Device.META)
                    ? ShapeRules.applied(text, source(TorchProgram.class, "shape_rules"))
                    : text;
            byte[] archive = TorchScriptArchive.of(source, all);
            model.load(new ByteArrayInputStream(archive), Map.of());
            // The library makes an empty folder for every program, which remains when the process is ended from
            // outside.
            Files.deleteIfExists(model.getModelPath());
            var program = new TorchProgram(device, model, tensors);
            ProgramRecording.compiled(program, name, archive);
            return program;
        } catch (IOException | MalformedModelException e) {
            model.close();
            throw new IllegalStateException("TorchScript program " + name + " does not compile", e);
        }
    }

    private static String source(Class<?> neighbor, String name) {
        try (var in = neighbor.getResourceAsStream(name + ".torchscript")) {
            if (in == null) {
                throw new IllegalArgumentException("no program " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its device. */
    public Device device() {
        return device;
    }

    TensorCount tensors() {
        return tensors;
    }

    /** A scope on this program's device, for tensors that live as long as the program. */
    public TorchScope scope() {
        return new TorchScope(this, (PtNDManager) model.getNDManager().newSubManager());
    }

    /** A copy of a tensor on this program's device. */
    TorchTensor copied(TorchScope scope, TorchTensor tensor) {
        ProgramRecording.called(this, "copied", tensor);
        IValue[] argument = {IValue.from(tensor.array())};
        try (IValue result = IValueUtils.runMethod(block, "copied", argument)) {
            return returned(scope.own(result.toTensor(scope.manager())));
        } catch (EngineException e) {
            throw OutOfMemory.of(device, e);
        } finally {
            argument[0].close();
        }
    }

    /**
     * Runs a method that returns a tensor.
     *
     * @param scope owner of the result
     * @param arguments TorchTensor, TorchTensor[], TorchTensorMap, Integer, Long, Double, Boolean, String or long[]
     * @throws IllegalStateException if the scope or a tensor is on another device
     */
    public TorchTensor tensor(TorchScope scope, String method, Object... arguments) {
        device.require(scope.device(), "The scope of what " + method + " gives");
        try (IValue result = run(method, arguments)) {
            return returned(scope.own(result.toTensor(scope.manager())));
        }
    }

    private TorchTensor returned(TorchTensor made) {
        ProgramRecording.returned(this, made);
        return made;
    }

    /**
     * Runs a method that returns a list of tensors.
     *
     * @param scope owner of the results
     * @param arguments as in {@link #tensor}
     */
    public List<TorchTensor> tensors(TorchScope scope, String method, Object... arguments) {
        device.require(scope.device(), "The scope of what " + method + " gives");
        try (IValue result = run(method, arguments)) {
            List<TorchTensor> made = Arrays.stream(result.toTensorArray(scope.manager()))
                    .map(scope::own)
                    .toList();
            ProgramRecording.returned(this, made);
            return made;
        }
    }

    /**
     * Runs a method in which {@code torch.grad} works. All else of this class runs without derivatives.
     *
     * @param scope owner of the results
     * @param arguments TorchTensor or TorchTensorMap, of which no tensor occurs twice
     * @return the tensors of its list
     */
    public List<TorchTensor> derivatives(TorchScope scope, String method, Object... arguments) {
        device.require(scope.device(), "The scope of what " + method + " gives");
        // The library takes only arrays here: their names say how they are put together, and which method is meant.
        try (TorchTensor marker = scope.floats(new float[1], 1)) {
            marker.array().setName("module_method:" + method);
            var inputs = new NDList(marker.array());
            var names = new IdentityHashMap<PtNDArray, String>();
            for (int i = 0; i < arguments.length; i++) {
                named(method, i, arguments[i]).forEach((name, array) -> {
                    String other = names.put(array, name);
                    if (other != null && !other.equals(name)) {
                        throw new IllegalArgumentException(method + " takes a tensor under two names");
                    }
                    array.setName(name);
                    inputs.add(array);
                });
            }
            JniUtils.setGradMode(true); // of this thread
            NDList made = IValueUtils.forward(block, inputs, true);
            return made.stream().map(array -> scope.own((PtNDArray) array)).toList();
        } catch (EngineException e) {
            throw OutOfMemory.of(device, e);
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    /** Arrays of an argument by the names that make it this argument again. */
    private Map<String, PtNDArray> named(String method, int index, Object argument) {
        if (argument instanceof TorchTensor tensor) {
            return Map.of("", here(method, tensor));
        } else if (argument instanceof TorchTensorMap map) {
            device.require(map.device(), "A dictionary that " + method + " takes");
            var named = new HashMap<String, PtNDArray>();
            map.arrays().forEach((slot, array) -> named.put("argument%d.%s".formatted(index, slot), array));
            return named;
        }
        throw new IllegalArgumentException("no derivatives with a " + argument.getClass());
    }

    /** Runs a method for its effect. Arguments as in {@link #tensor}. */
    public void execute(String method, Object... arguments) {
        run(method, arguments).close();
    }

    private IValue run(String method, Object[] arguments) {
        ProgramRecording.called(this, method, arguments);
        var values = new IValue[arguments.length];
        try {
            for (int i = 0; i < arguments.length; i++) {
                values[i] = value(method, arguments[i]);
            }
            return IValueUtils.runMethod(block, method, values);
        } catch (EngineException e) {
            throw OutOfMemory.of(device, e);
        } finally {
            for (int i = 0; i < values.length; i++) {
                if (values[i] != null && !(arguments[i] instanceof TorchTensorMap)) {
                    values[i].close();
                }
            }
        }
    }

    private IValue value(String method, Object argument) {
        if (argument instanceof TorchTensor tensor) {
            return IValue.from(here(method, tensor));
        } else if (argument instanceof TorchTensor[] tensors) {
            return IValue.listFrom(
                    Arrays.stream(tensors).map(tensor -> here(method, tensor)).toArray(PtNDArray[]::new));
        } else if (argument instanceof TorchTensorMap map) {
            device.require(map.device(), "A dictionary that " + method + " takes");
            return map.value();
        } else if (argument instanceof Integer number) {
            return IValue.from(number.longValue());
        } else if (argument instanceof Long number) {
            return IValue.from(number);
        } else if (argument instanceof Double number) {
            return IValue.from(number);
        } else if (argument instanceof Boolean flag) {
            return IValue.from(flag);
        } else if (argument instanceof String text) {
            return IValue.from(text);
        } else if (argument instanceof long[] numbers) {
            return IValue.listFrom(numbers);
        }
        throw new IllegalArgumentException("no TorchScript value for " + argument.getClass());
    }

    private PtNDArray here(String method, TorchTensor tensor) {
        device.require(tensor.device(), "A tensor that " + method + " takes");
        return tensor.array();
    }

    /** Creates a dictionary of tensors on this device that can be passed many times. The tensors keep their owners. */
    public TorchTensorMap map(Map<String, TorchTensor> tensors) {
        var arrays = new HashMap<String, PtNDArray>();
        tensors.forEach((name, tensor) -> arrays.put(name, here(name, tensor)));
        var map = new TorchTensorMap(device, arrays);
        ProgramRecording.mapped(map, tensors);
        return map;
    }

    @Override
    public void close() {
        model.close();
    }
}
