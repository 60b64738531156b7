package stratalens

import (
	"fmt"
	"slices"

	v1 "stratalens.dev/go/stratalensv1"
)

// Grid is one array of a lens over its read points and the positions that were read.
type Grid[T any] struct {
	Points    []ReadPoint
	Positions []int
	// Width is the number of values of a cell: the predictions per cell for IDs and LogProbs, else 1.
	Width int
	// Values are row-major, [points * positions * width].
	Values []T
}

// At is the first value of a cell, given by layer number and token position. It panics if they were not read.
func (g Grid[T]) At(layer, position int) T {
	return g.Cell(LayerPoint(layer), position)[0]
}

// Cell are the values of a cell. It panics if there is none.
func (g Grid[T]) Cell(point ReadPoint, position int) []T {
	row := slices.Index(g.Points, point)
	column := slices.Index(g.Positions, position)
	if row < 0 || column < 0 {
		panic(fmt.Sprintf("%v at position %d was not read; there are %v at %v", point, position, g.Points, g.Positions))
	}
	at := (row*len(g.Positions) + column) * g.Width
	return g.Values[at : at+g.Width]
}

// Column is a statistic at all read points and positions; NaN = no value. It panics if the statistic was not asked for.
func (r *LensResult) Column(statistic v1.Statistic) Grid[float32] {
	return gridOf(r, 1, func(layer *Layer) []float32 {
		values, asked := layer.Columns[statistic]
		if !asked {
			panic(fmt.Sprintf("the statistic %v was not asked for", statistic))
		}
		return values
	})
}

// IDs are the best tokens of each cell, best first.
func (r *LensResult) IDs() Grid[int32] {
	return gridOf(r, r.info.TopK, func(layer *Layer) []int32 { return layer.IDs })
}

// LogProbs are the log-probabilities of the best tokens of each cell.
func (r *LensResult) LogProbs() Grid[float32] {
	return gridOf(r, r.info.TopK, func(layer *Layer) []float32 { return layer.LogProbs })
}

// Ranks are those of a target, an index into Info.Targets: 1 = best, 0 = the position has no such target.
func (r *LensResult) Ranks(target int) Grid[int32] {
	return gridOf(r, 1, func(layer *Layer) []int32 { return ofTarget(r.info, layer.TargetRanks, target) })
}

// TargetLogProbs are the log-probabilities of a target; NaN = the position has no such target.
func (r *LensResult) TargetLogProbs(target int) Grid[float32] {
	return gridOf(r, 1, func(layer *Layer) []float32 { return ofTarget(r.info, layer.TargetLogProbs, target) })
}

func gridOf[T any](r *LensResult, width int, values func(*Layer) []T) Grid[T] {
	grid := Grid[T]{Points: r.points(), Positions: r.info.Positions, Width: width}
	for _, layer := range r.Layers {
		grid.Values = append(grid.Values, values(layer)...)
	}
	return grid
}

// ofTarget takes the values of one target out of those of all, [p * m].
func ofTarget[T any](info *Info, all []T, target int) []T {
	values := make([]T, len(info.Positions))
	for p, position := range info.Positions {
		values[p] = all[info.targetPlace(target, position)]
	}
	return values
}
