package dev.stratalens.engine.lens.generation;

import dev.stratalens.engine.lens.result.FoundToken;

/**
 * A generated token.
 *
 * @param position index of the token, from the first token of the prompt
 * @param found the token
 * @param forced whether the caller gave it
 * @param text what it completes; empty if it ends in the middle of a character, and for a token that ends the generation
 */
public record NewToken(int position, FoundToken found, boolean forced, String text) {}
