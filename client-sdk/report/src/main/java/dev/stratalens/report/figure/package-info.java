/**
 * Pictures of results: what a heat map or a line chart shows, apart from how it is drawn.
 * {@link dev.stratalens.report.figure.HeatMaps} makes the classic views of one result,
 * {@link dev.stratalens.report.figure.SvgFigure} draws them. Nothing here computes a lens; every
 * number comes from a {@link dev.stratalens.client.result.LensResult} or from whoever makes the figure.
 *
 * <p>Everything is immutable and thread-safe. Texts may hold any characters; who draws them escapes them.
 */
@NullMarked
package dev.stratalens.report.figure;

import org.jspecify.annotations.NullMarked;
