/** Results as people and programs read them: heat map, summary, targets, CSV. */
@NullMarked
package dev.stratalens.cli.report;

import org.jspecify.annotations.NullMarked;
