@NullMarked
package dev.stratalens.client.figure;

import org.jspecify.annotations.NullMarked;
