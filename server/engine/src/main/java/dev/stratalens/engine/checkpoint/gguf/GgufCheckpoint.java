package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.UnsupportedArchitectureException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Opens a GGUF model as a checkpoint with the configuration and tensors of transformers. */
public final class GgufCheckpoint {

    private final GgufFacts facts;
    private final GgufFamily family;

    private GgufCheckpoint(GgufFile file) {
        String architecture = file.metadata()
                .string("general.architecture")
                .orElseThrow(() -> file.metadata().missing("general.architecture"));
        this.facts = new GgufFacts(file, architecture + ".");
        this.family = GgufFamilies.named(architecture)
                .orElseThrow(
                        () -> new UnsupportedArchitectureException(architecture, List.copyOf(GgufFamilies.names())));
    }

    /**
     * Reads the headers of a file, or of all parts of a split one.
     *
     * @throws InvalidCheckpointException if a file is damaged or has unsupported contents
     * @throws UnsupportedArchitectureException if the architecture is not in the table
     */
    public static Checkpoint open(Path path, String revision) {
        GgufCheckpoint gguf = new GgufCheckpoint(GgufParts.read(path));
        return new Checkpoint(path, new GgufConfig(gguf.facts, gguf.family).write(), gguf.tensors(), revision);
    }

    /** A tensor that the family does not have keeps its name, so that it is refused by name. */
    private Map<String, TensorInfo> tensors() {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        facts.file().tensors().values().stream()
                .filter(tensor -> !GgufRope.TENSORS.contains(tensor.name()))
                .flatMap(tensor -> family
                        .name(tensor.name())
                        .map(name -> undo(tensor, name))
                        .orElseGet(() -> List.of(tensor.named(tensor.name())))
                        .stream())
                .forEach(tensor -> tensors.put(tensor.name(), tensor));
        return tensors;
    }

    private List<TensorInfo> undo(GgufTensor tensor, GgufFamily.Name name) {
        GgufRearrangement rearrangement = family.rearrangements().getOrDefault(name.module(), GgufRearrangement.NONE);
        int heads = name.module().endsWith("attn_k") ? facts.keyValueHeads() : facts.heads();
        if (!rearrangement.fits(tensor, heads)) {
            throw facts.metadata().invalid(tensor.name(), "has a shape that does not fit %d heads".formatted(heads));
        }
        return rearrangement.undo(tensor, name.text(), heads);
    }
}
