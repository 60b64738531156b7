/** What users type, turned into what the SDK takes: prompts, layer and position selections, targets, statistics. */
@NullMarked
package dev.stratalens.cli.input;

import org.jspecify.annotations.NullMarked;
