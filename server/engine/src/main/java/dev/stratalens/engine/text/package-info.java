/**
 * Tokenizers: ids, vocabulary spellings, bytes and byte ranges.
 */
@NullMarked
package dev.stratalens.engine.text;

import org.jspecify.annotations.NullMarked;
