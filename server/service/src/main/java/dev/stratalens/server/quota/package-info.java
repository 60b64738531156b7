/** What each principal uses now, and what it may not use beyond that. */
@NullMarked
package dev.stratalens.server.quota;

import org.jspecify.annotations.NullMarked;
