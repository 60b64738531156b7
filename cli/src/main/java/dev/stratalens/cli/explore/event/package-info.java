/** What the page is told of a run, as JSON. */
@NullMarked
package dev.stratalens.cli.explore.event;

import org.jspecify.annotations.NullMarked;
