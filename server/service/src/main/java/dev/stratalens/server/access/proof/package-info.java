/** What proves who calls: API keys, tokens, client certificates. */
@NullMarked
package dev.stratalens.server.access.proof;

import org.jspecify.annotations.NullMarked;
