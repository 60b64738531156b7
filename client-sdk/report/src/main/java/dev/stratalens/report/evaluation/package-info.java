/** How well lenses read: means over the documents of a corpus, or over questions, with confidence intervals. */
@NullMarked
package dev.stratalens.report.evaluation;

import org.jspecify.annotations.NullMarked;
