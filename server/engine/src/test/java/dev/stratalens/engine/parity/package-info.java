/**
 * Expected values recorded from transformers, and straight-line references in plain double arrays that share no code
 * with production. A mistake would have to be made three times to stay unseen.
 */
@NullMarked
package dev.stratalens.engine.parity;

import org.jspecify.annotations.NullMarked;
