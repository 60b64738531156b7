/** How a client's connection behaves: keys, retries, addresses. Not API. */
@NullMarked
package dev.stratalens.client.internal.connection;

import org.jspecify.annotations.NullMarked;
