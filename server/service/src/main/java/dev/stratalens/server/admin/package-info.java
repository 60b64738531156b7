/** The port of the operator: metrics, probes, and draining. */
@NullMarked
package dev.stratalens.server.admin;

import org.jspecify.annotations.NullMarked;
