/** The file formats of results, written and read as streams. Not API: anything here may change in any release. */
@NullMarked
package dev.stratalens.report.file;

import org.jspecify.annotations.NullMarked;
