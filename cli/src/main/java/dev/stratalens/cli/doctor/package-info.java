/** Checks of the machine and the installation. */
@NullMarked
package dev.stratalens.cli.doctor;

import org.jspecify.annotations.NullMarked;
