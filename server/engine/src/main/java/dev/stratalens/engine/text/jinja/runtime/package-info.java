/** The values of templates, and the operators, filters, tests and methods over them. */
@NullMarked
package dev.stratalens.engine.text.jinja.runtime;

import org.jspecify.annotations.NullMarked;
