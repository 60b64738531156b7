/** What can be typed behind the commands: options that several of them share, the words that an option takes, and the requests that become of them. */
@NullMarked
package dev.stratalens.cli.option;

import org.jspecify.annotations.NullMarked;
