/** What is typed, read as values: words, indices, targets, statistics and prompts. */
@NullMarked
package dev.stratalens.cli.input;

import org.jspecify.annotations.NullMarked;
