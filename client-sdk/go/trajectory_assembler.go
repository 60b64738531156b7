package stratalens

import (
	"maps"
	"slices"

	v1 "stratalens.dev/go/stratalensv1"
)

// trajectoryAssembler puts the trajectory chunks of one lens together: every position in order, in one chunk or more, and only
// tokens that are tracked there. How many rows are missing is known at the end, so that a lost chunk is noticed.
type trajectoryAssembler struct {
	head   *headerReader
	reader *trajectoryReader
	// Tokens that are tracked everywhere: targets given by id or text.
	named    []int32
	complete []Tracked
	// Rows of the position that is read, by id; nil before its first chunk.
	current map[int32][]float32
	union   []int32
	missing int64
}

func newTrajectoryAssembler(head *headerReader, reader *trajectoryReader) *trajectoryAssembler {
	a := &trajectoryAssembler{head: head, reader: reader}
	for i, target := range head.request.Targets {
		if !dependsOnPosition(target) {
			a.named = append(a.named, head.header.Targets[i].TokenIds[0])
		}
	}
	return a
}

// isComplete says whether a chunk of every position came.
func (a *trajectoryAssembler) isComplete() bool {
	came := len(a.complete)
	if a.current != nil {
		came++
	}
	return came == len(a.head.positions())
}

func (a *trajectoryAssembler) add(chunk *v1.TrajectoryChunk) {
	index := int(chunk.Position)
	if a.current != nil && index == len(a.complete)+1 {
		a.closePosition()
	}
	require(index == len(a.complete) && index < len(a.head.positions()),
		"expected trajectories of position index %d of %d, but index %d came", len(a.complete), len(a.head.positions()), index)
	if a.current == nil {
		a.union = a.tracked(index)
		a.current = map[int32][]float32{}
	}
	a.reader.read(chunk, a.union, a.current)
}

// finish closes the last position, and gives the number of tracked tokens without trajectory.
func (a *trajectoryAssembler) finish() int64 {
	if a.current != nil {
		a.closePosition()
	}
	require(len(a.complete) == len(a.head.positions()),
		"trajectories of %d of %d positions came", len(a.complete), len(a.head.positions()))
	return a.missing
}

func (a *trajectoryAssembler) closePosition() {
	a.missing += int64(len(a.union) - len(a.current))
	ids := slices.Sorted(maps.Keys(a.current))
	tracked := Tracked{IDs: ids}
	for _, id := range ids {
		tracked.LogProbs = append(tracked.LogProbs, a.current[id])
	}
	a.complete = append(a.complete, tracked)
	a.current = nil
}

// tracked are the tokens tracked at a position: the best of every block, and the named ones. Ascending.
func (a *trajectoryAssembler) tracked(index int) []int32 {
	k := a.head.topK()
	ids := slices.Clone(a.named)
	for _, layer := range a.reader.layers.layers {
		if layer.Point.Site == BlockOutput {
			ids = append(ids, layer.IDs[index*k:(index+1)*k]...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
