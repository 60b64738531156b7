/** What the client asks of arguments. Not API. */
@NullMarked
package dev.stratalens.client.internal.argument;

import org.jspecify.annotations.NullMarked;
