package dev.stratalens.engine.architecture.family.key;

import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** The kind of each block, of a model with several kinds. */
public record KindList(List<String> kinds) {

    public KindList {
        kinds = List.copyOf(kinds);
    }

    /**
     * Reads a list, or else a text with a letter for each block.
     *
     * @param spellings the usual name of a kind by another one, or by its letter
     * @param classDefault usual names, for files with neither
     */
    public static KindList of(
            HfConfig config,
            String listKey,
            String lettersKey,
            Map<String, String> spellings,
            List<String> classDefault) {
        List<String> stored = config.optionalStrings(listKey)
                .or(() -> config.optionalString(lettersKey).map(letters -> List.of(letters.split(""))))
                .orElse(classDefault);
        List<String> known = Stream.of(spellings.keySet(), spellings.values(), classDefault)
                .flatMap(names -> names.stream().sorted())
                .toList();
        BlockKinds.check(config, config.has(listKey) ? listKey : lettersKey, stored, known);
        return new KindList(
                stored.stream().map(kind -> spellings.getOrDefault(kind, kind)).toList());
    }

    public int count() {
        return kinds.size();
    }

    /** The blocks of one of these kinds. */
    public IntPredicate are(String... wanted) {
        List<String> some = Arrays.asList(wanted);
        return block -> some.contains(kinds.get(block));
    }
}
