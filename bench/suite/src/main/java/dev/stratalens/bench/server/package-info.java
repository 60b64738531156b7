/** Servers in processes of their own, what they are asked, and what their callers see. */
@NullMarked
package dev.stratalens.bench.server;

import org.jspecify.annotations.NullMarked;
