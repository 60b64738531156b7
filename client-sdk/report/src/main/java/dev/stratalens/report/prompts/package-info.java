/** Statistics over prompts of a type, for any number of results. */
@NullMarked
package dev.stratalens.report.prompts;

import org.jspecify.annotations.NullMarked;
