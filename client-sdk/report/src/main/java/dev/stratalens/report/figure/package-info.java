/**
 * Pictures of results. The contents of heat maps and line charts are separate from their drawing. {@link
 * dev.stratalens.report.figure.HeatMaps} makes the classic views of one result, {@link
 * dev.stratalens.report.figure.SvgFigure} draws them. Nothing here computes a lens: numbers come from a {@link
 * dev.stratalens.client.result.LensResult} or from the caller.
 *
 * <p>Everything is immutable and thread-safe. Texts may hold any characters; the drawing code escapes them.
 */
@NullMarked
package dev.stratalens.report.figure;

import org.jspecify.annotations.NullMarked;
