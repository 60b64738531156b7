/** What the page asks for, as its JSON has it, and the requests that it means. */
@NullMarked
package dev.stratalens.cli.explore.form;

import org.jspecify.annotations.NullMarked;
