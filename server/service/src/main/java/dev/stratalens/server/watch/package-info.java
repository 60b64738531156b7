/** What operators are told of each request: who asked, for what, how long it took, how it ended. */
@NullMarked
package dev.stratalens.server.watch;

import org.jspecify.annotations.NullMarked;
