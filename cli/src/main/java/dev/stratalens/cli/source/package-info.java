/** Where prompts, results and models come from: files, what is typed, directories and servers. */
@NullMarked
package dev.stratalens.cli.source;

import org.jspecify.annotations.NullMarked;
