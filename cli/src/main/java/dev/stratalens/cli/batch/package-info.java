/** {@code batch}: many prompts of a file into a file of results that the next run continues. */
@NullMarked
package dev.stratalens.cli.batch;

import org.jspecify.annotations.NullMarked;
