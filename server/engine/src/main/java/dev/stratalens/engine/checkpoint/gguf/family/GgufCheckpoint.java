package dev.stratalens.engine.checkpoint.gguf.family;

import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.gguf.GgufFile;
import dev.stratalens.engine.checkpoint.gguf.GgufParts;
import dev.stratalens.engine.checkpoint.gguf.GgufTensor;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.UnsupportedArchitectureException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens a GGUF model as a checkpoint with the configuration and tensors of transformers. */
public final class GgufCheckpoint {

    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,6})\\..*");

    private final GgufFacts facts;
    private final GgufFamily family;

    private GgufCheckpoint(GgufFile file) {
        String architecture = file.metadata()
                .string("general.architecture")
                .orElseThrow(() -> file.metadata().missing("general.architecture"));
        this.facts = new GgufFacts(file, architecture + ".");
        this.family = GgufFamilies.named(architecture)
                .orElseThrow(
                        () -> new UnsupportedArchitectureException(architecture, List.copyOf(GgufFamilies.names())))
                .apply(facts);
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
        Set<String> done = new HashSet<>(GgufRope.TENSORS);
        for (GgufJoin join : family.joins()) {
            for (int block = 0; block < facts.blocks(); block++) {
                List<String> names = join.names(block);
                join.of(facts, block).ifPresent(tensor -> {
                    tensors.put(tensor.name(), tensor);
                    done.addAll(names);
                });
            }
        }
        facts.file().tensors().values().stream()
                .filter(tensor -> !done.contains(tensor.name()) && !predicts(tensor.name()))
                .flatMap(tensor -> undone(tensor).stream())
                .forEach(tensor -> tensors.put(tensor.name(), tensor));
        family.made().apply(facts).forEach(tensor -> tensors.put(tensor.name(), tensor));
        return tensors;
    }

    /** Blocks behind the model's own predict further tokens. */
    private boolean predicts(String name) {
        Matcher block = BLOCK.matcher(name);
        return facts.integer("nextn_predict_layers").orElse(0) > 0
                && block.matches()
                && Integer.parseInt(block.group(1)) >= facts.blocks();
    }

    private List<TensorInfo> undone(GgufTensor tensor) {
        return family.name(tensor.name())
                .map(name -> family.rearrangements()
                        .getOrDefault(name.module(), GgufRearrangement.NONE)
                        .undo(facts, tensor, name.text()))
                .orElseGet(() -> List.of(tensor.named(tensor.name())));
    }
}
