/** From the interventions of a plan to changes of rows: passes over source prompts, directions, and how far a change reaches. */
@NullMarked
package dev.stratalens.engine.lens.intervention;

import org.jspecify.annotations.NullMarked;
