/** The models of a server: their facts, their state, their loading. */
@NullMarked
package dev.stratalens.client.model;

import org.jspecify.annotations.NullMarked;
