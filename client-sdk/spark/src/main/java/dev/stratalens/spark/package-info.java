/** The lens over a DataFrame of Spark: a function and a job. */
@NullMarked
package dev.stratalens.spark;

import org.jspecify.annotations.NullMarked;
