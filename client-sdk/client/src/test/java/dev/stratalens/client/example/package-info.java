/** Programs that the documentation shows. */
@NullMarked
package dev.stratalens.client.example;

import org.jspecify.annotations.NullMarked;
