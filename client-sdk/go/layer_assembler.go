package stratalens

import (
	"fmt"

	v1 "stratalens.dev/go/stratalensv1"
)

// layerAssembler puts the cell chunks of one lens together: layers in order of depth, each complete before the next.
type layerAssembler struct {
	lens      int
	points    []ReadPoint
	covered   []int
	positions []int
	reader    *cellReader
	layers    []*Layer
	current   *Layer
	// Positions of the current layer that came.
	taken int
}

func (a *layerAssembler) isComplete() bool {
	return len(a.layers) == len(a.covered)
}

// expected is what must come next, in words.
func (a *layerAssembler) expected() string {
	return fmt.Sprintf("%v from position %d", a.points[a.covered[len(a.layers)]], a.positions[a.taken])
}

// add takes a chunk, and gives its layer if that is complete now.
func (a *layerAssembler) add(chunk *v1.CellChunk) *Layer {
	index, first, count := int(chunk.ReadPoint), int(chunk.FirstPosition), int(chunk.PositionCount)
	require(index >= 0 && index < len(a.points), "a chunk of read point %d of %d came", index, len(a.points))
	point := a.points[index]
	require(!a.isComplete(), "a chunk of %v came after the last layer", point)
	require(index == a.covered[len(a.layers)] && first == a.taken,
		"expected %s, but %v from position index %d came", a.expected(), point, first)
	left := len(a.positions) - first
	require(count >= 1 && count <= left, "a chunk of %v has %d positions where %d are left", point, count, left)
	if a.current == nil {
		a.current = a.reader.allocate(a.lens, point)
	}
	a.reader.read(chunk, a.current)
	a.taken += count
	if a.taken < len(a.positions) {
		return nil
	}
	layer := a.current
	a.layers = append(a.layers, layer)
	a.current, a.taken = nil, 0
	return layer
}
