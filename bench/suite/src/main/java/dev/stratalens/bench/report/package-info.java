/** What a run of the benchmark found out: figures with their targets, as a table or JSON. */
@NullMarked
package dev.stratalens.bench.report;

import org.jspecify.annotations.NullMarked;
