package dev.stratalens.cli.corpus;

import java.util.Optional;

/**
 * A text of a corpus.
 *
 * @param text with something other than white space in it
 * @param id empty if no column has it
 * @param type what kind of text it is; empty if no column says so
 * @param target a token to follow; empty if no column has one
 */
public record CorpusRow(String text, Optional<String> id, Optional<String> type, Optional<String> target) {}
