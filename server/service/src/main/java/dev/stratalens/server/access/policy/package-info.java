/** The file that gives groups of principals their rights and limits. */
@NullMarked
package dev.stratalens.server.access.policy;

import org.jspecify.annotations.NullMarked;
