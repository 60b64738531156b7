/**
 * The live explorer: a page on loopback and the bridge between it and a server. The page asks over HTTP; a run is answered
 * with a stream of server-sent events, written as fast as the page reads and no faster.
 */
@NullMarked
package dev.stratalens.cli.explore;

import org.jspecify.annotations.NullMarked;
