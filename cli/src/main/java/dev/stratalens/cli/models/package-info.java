/** The commands that list, fetch, check and manage models. */
@NullMarked
package dev.stratalens.cli.models;

import org.jspecify.annotations.NullMarked;
