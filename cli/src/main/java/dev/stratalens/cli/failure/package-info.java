/** How the command ends: exit codes, and failures that say which. */
@NullMarked
package dev.stratalens.cli.failure;

import org.jspecify.annotations.NullMarked;
