@NullMarked
package dev.stratalens.report.figure;

import org.jspecify.annotations.NullMarked;
