package dev.stratalens.engine.model.weight;

import com.google.common.base.Throwables;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The resources of a model outside the heap. They are closed together, the newest first, also if loading fails. If one
 * fails to close, the others are still closed.
 */
public final class OwnedResources implements AutoCloseable {

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    private final TensorCount tensors = new TensorCount();

    /** Counts the tensors of all owned programs. */
    public TensorCount tensors() {
        return tensors;
    }

    /** Compiles a program, and owns it. */
    public TorchProgram compile(Device device, String name, Map<String, Object> attributes) {
        return own(TorchProgram.compile(device, name, attributes, tensors));
    }

    /** Compiles a program of several texts, and owns it. */
    public TorchProgram compile(Device device, List<String> texts, Map<String, Object> attributes) {
        return own(TorchProgram.compile(device, texts, attributes, tensors));
    }

    /** Takes ownership of a resource and returns it. */
    public <T extends AutoCloseable> T own(T resource) {
        resources.push(resource);
        return resource;
    }

    /** Closes all after a failure, and adds further failures to it. */
    public void closeAfter(Throwable failure) {
        closeAll().ifPresent(failure::addSuppressed);
    }

    @Override
    public void close() {
        closeAll().ifPresent(failure -> {
            Throwables.throwIfUnchecked(failure);
            throw new IllegalStateException(failure); // none of ours throws a checked one
        });
    }

    /** The first failure, with the others suppressed in it. */
    private Optional<Throwable> closeAll() {
        Optional<Throwable> first = Optional.empty();
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Throwable failure) {
                first.ifPresent(before -> before.addSuppressed(failure));
                first = first.or(() -> Optional.of(failure));
            }
        }
        return first;
    }
}
