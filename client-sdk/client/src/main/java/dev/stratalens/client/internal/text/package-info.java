/** What the client asks of texts. Not API. */
@NullMarked
package dev.stratalens.client.internal.text;

import org.jspecify.annotations.NullMarked;
