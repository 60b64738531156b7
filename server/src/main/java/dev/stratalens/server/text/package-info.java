/**
 * Tokenizers: ids, vocabulary spellings, bytes and byte ranges.
 */
@NullMarked
package dev.stratalens.server.text;

import org.jspecify.annotations.NullMarked;
