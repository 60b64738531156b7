/** What prompts of a type have in common, over any number of results. */
@NullMarked
package dev.stratalens.report.prompts;

import org.jspecify.annotations.NullMarked;
