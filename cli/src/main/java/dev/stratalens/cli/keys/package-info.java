/** Commands that manage the API keys of a server. */
@NullMarked
package dev.stratalens.cli.keys;

import org.jspecify.annotations.NullMarked;
