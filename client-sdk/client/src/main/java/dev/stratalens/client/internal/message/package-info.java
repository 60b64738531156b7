/** Requests as messages, and what messages say of models and servers. Not API. */
@NullMarked
package dev.stratalens.client.internal.message;

import org.jspecify.annotations.NullMarked;
