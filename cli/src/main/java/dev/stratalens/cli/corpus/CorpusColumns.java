package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which columns of a corpus are read.
 *
 * @param text name of the column with the texts
 * @param id of ids; empty numbers the rows
 * @param type of types
 * @param target of tokens to follow
 */
public record CorpusColumns(String text, Optional<String> id, Optional<String> type, Optional<String> target) {

    /** The text alone, in the column of this name. */
    public static final CorpusColumns TEXT =
            new CorpusColumns("text", Optional.empty(), Optional.empty(), Optional.empty());

    /** Names of the columns, the text first. */
    List<String> names() {
        return Stream.concat(Stream.of(text), Stream.of(id, type, target).flatMap(Optional::stream))
                .toList();
    }

    /**
     * Makes a row of its values.
     *
     * @param value of a column; empty where it is null
     * @return empty if there is no text, or only white space
     * @throws CliException if there is a text, and no id in the column of ids
     */
    Optional<CorpusRow> row(Function<String, Optional<String>> value) {
        Optional<String> words = value.apply(text).filter(given -> !given.isBlank());
        if (words.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> ownId = id.flatMap(value);
        if (id.isPresent() && ownId.isEmpty()) {
            throw CliException.usage("column \"%s\" has no id here.".formatted(id.get()));
        }
        return Optional.of(new CorpusRow(words.get(), ownId, type.flatMap(value), target.flatMap(value)));
    }
}
