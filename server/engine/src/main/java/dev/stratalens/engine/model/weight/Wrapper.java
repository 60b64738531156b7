package dev.stratalens.engine.model.weight;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;

/** Modules around a model, whose names are before those of all its weights if the whole was saved. */
enum Wrapper {
    COMPILED("_orig_mod.", "torch.compile", "Save model._orig_mod"),
    PARALLEL("module.", "a parallel wrapper of PyTorch", "Save model.module"),
    ADAPTED("base_model.model.", "PEFT", "Save model.merge_and_unload()");

    private final String prefix;
    private final String origin;
    private final String remedy;

    Wrapper(String prefix, String origin, String remedy) {
        this.prefix = prefix;
        this.origin = origin;
        this.remedy = remedy;
    }

    /** The wrapper whose name is before every one of these names. */
    static Optional<Wrapper> around(Collection<String> tensors) {
        return Arrays.stream(values())
                .filter(wrapper ->
                        !tensors.isEmpty() && tensors.stream().allMatch(name -> name.startsWith(wrapper.prefix)))
                .findFirst();
    }

    String prefix() {
        return prefix;
    }

    /** What is wrong with such a file, and what to do. */
    String message(String file) {
        return "The weights in %s are those of a model inside %s: \"%s\" is before every name. %s with save_pretrained."
                .formatted(file, origin, prefix, remedy);
    }
}
