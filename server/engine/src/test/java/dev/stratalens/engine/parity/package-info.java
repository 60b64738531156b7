/**
 * What the lens must compute, recorded from transformers, and straight-line references in plain double arrays that share
 * no code with production: a mistake would have to be made three times to go unseen.
 */
@NullMarked
package dev.stratalens.engine.parity;

import org.jspecify.annotations.NullMarked;
