/** Commands that change what a model computes, and show what moves: patch, steer, sweep; and generate, which may. */
@NullMarked
package dev.stratalens.cli.intervention;

import org.jspecify.annotations.NullMarked;
