/** Types of prompts: what is asked of each prompt, and what the prompts of a type have in common. */
@NullMarked
package dev.stratalens.cli.types;

import org.jspecify.annotations.NullMarked;
