package dev.stratalens.cli.models;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.Residual;
import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.architecture.mixer.NoMixer;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.model.weight.WeightPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a checkpoint holds, from its headers: which of it is read, and what that means for the lens.
 *
 * @param inside whether the model is the text model of another one
 */
record ModelContents(Architecture architecture, WeightPlan plan, boolean inside) {

    private static final Pattern OF_BLOCK = Pattern.compile("(layers|h|blocks)\\.(\\d+)\\.(.*)");

    static ModelContents of(Path model) {
        Checkpoint checkpoint = CheckpointReader.open(model);
        Architecture architecture = Architectures.of(checkpoint.config());
        boolean inside = checkpoint.config().outer().has("text_config");
        return new ModelContents(architecture, WeightPlan.of(architecture, checkpoint.tensors()), inside);
    }

    /** Numbers of blocks by what moves information between tokens in them. */
    Map<String, Integer> mixers() {
        return IntStream.range(0, architecture.extents().blocks())
                .mapToObj(block -> architecture.mixer().apply(block).title())
                .collect(Collectors.toMap(Function.identity(), title -> 1, Integer::sum, TreeMap::new));
    }

    /** Number of blocks with experts. */
    int mixtures() {
        return Math.toIntExact(plan.blocks().stream()
                .filter(slots -> slots.containsKey(Slot.weight(Slot.ROUTER)))
                .count());
    }

    String blocks() {
        String mixers = mixers().entrySet().stream()
                .map(mixer -> mixer.getValue() + " " + mixer.getKey())
                .collect(Collectors.joining(", "));
        return mixtures() == 0 ? mixers : mixers + "; experts in " + mixtures();
    }

    String read() {
        long bytes = plan.tensors().stream().mapToLong(TensorInfo::byteCount).sum();
        long quantized = quantized();
        return "%,d tensors%s, %s"
                .formatted(
                        plan.tensors().size(),
                        quantized == 0 ? "" : " (%,d quantized)".formatted(quantized),
                        ByteSize.text(bytes));
    }

    private long quantized() {
        return plan.tensors().stream().filter(TensorInfo::isQuantized).count();
    }

    /** Numbers of tensors that are not read, by the common beginning of their names. */
    Map<String, Integer> leftOut() {
        return plan.leftOut().keySet().stream()
                .collect(Collectors.toMap(this::group, name -> 1, Integer::sum, TreeMap::new));
    }

    private String group(String name) {
        Matcher ofBlock = OF_BLOCK.matcher(name);
        if (!ofBlock.matches()) {
            return name.contains(".") ? name.substring(0, name.indexOf('.')) + ".*" : name;
        }
        boolean behind =
                Integer.parseInt(ofBlock.group(2)) >= architecture.extents().blocks();
        if (behind) {
            return "%s.%s.*".formatted(ofBlock.group(1), ofBlock.group(2));
        }
        List<String> parts = List.of(ofBlock.group(3).split("\\."));
        return ofBlock.group(1) + ".*."
                + (parts.size() <= 2 ? String.join(".", parts) : parts.get(0) + "." + parts.get(1) + ".*");
    }

    String leftOutText() {
        return leftOut().isEmpty()
                ? "nothing"
                : leftOut().entrySet().stream()
                        .map(group -> "%s (%,d)".formatted(group.getKey(), group.getValue()))
                        .collect(Collectors.joining(", "));
    }

    /** What a reader of the lens should know of this model, most general first. */
    List<String> lens() {
        var notes = new ArrayList<String>();
        notes.add("a layer is the stream after a block, read by the model's own "
                + (hasFinalNorm() ? "final norm and head" : "head; the model has no final norm"));
        if (inside) {
            notes.add("it is the text model of one that also sees or hears, so prompts are text alone");
        }
        if (architecture.residual().form() == Residual.Form.SEQUENTIAL_ON_NORMED) {
            notes.add("each branch is added to its own normed input, so the stream starts anew in each block");
        }
        if (isOfSingleParts()) {
            notes.add("a block is one part, so there are as many layers as parts");
        }
        if (architecture.carried() > 0) {
            notes.add("up to %,d numbers that blocks pass on beside the stream are not read"
                    .formatted(architecture.carried()));
        }
        return notes;
    }

    private boolean hasFinalNorm() {
        return plan.head().containsKey(Slot.weight(Slot.FINAL_NORM))
                || architecture.weights().unweightedNorms().contains(Slot.FINAL_NORM);
    }

    private boolean isOfSingleParts() {
        return IntStream.range(0, architecture.extents().blocks())
                .filter(block -> !(architecture.mixer().apply(block) instanceof NoMixer))
                .noneMatch(block -> hasFeedForward(plan.blocks().get(block).keySet()));
    }

    private static boolean hasFeedForward(Iterable<String> slots) {
        for (String slot : slots) {
            if (slot.endsWith(Slot.weight(Slot.DOWN))) {
                return true;
            }
        }
        return false;
    }

    void write(JsonWriter json) throws IOException {
        json.name("mixers");
        write(mixers(), json);
        json.name("blocks_with_experts").value(mixtures());
        json.name("tensors_read").value(plan.tensors().size());
        json.name("tensors_quantized").value(quantized());
        json.name("tensors_left_out");
        write(leftOut(), json);
        json.name("lens").beginArray();
        for (String note : lens()) {
            json.value(note);
        }
        json.endArray();
    }

    private static void write(Map<String, Integer> counts, JsonWriter json) throws IOException {
        json.beginObject();
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            json.name(count.getKey()).value(count.getValue());
        }
        json.endObject();
    }
}
