package stratalens

import (
	"fmt"
	"slices"

	v1 "stratalens.dev/go/stratalensv1"
)

// Result is a complete result: what its first lens read, with what the others did. It is not changed after it was made, and safe for
// concurrent use.
type Result struct {
	*Info
	// LensResult is that of the first lens.
	*LensResult
	// ByLens has the numbers of each lens, in the order of Info.Lenses.
	ByLens []*LensResult
	// Attribution is nil if it was not asked for.
	Attribution *Attribution
	// Effect is what the interventions did; nil if it was not asked for.
	Effect *Effect
	// Unchanged is the result without interventions; nil if it was not asked for.
	Unchanged *Result
	// Summary has the self-check, the server's times and its memory.
	Summary *v1.LensSummary
}

// LensResult is what one lens read.
type LensResult struct {
	info *Info
	Lens *v1.Lens
	// Layers are in order of depth, with read points inside blocks if such sites were asked for.
	Layers []*Layer
	// Tracked are the trajectories, one element for each of Info.Positions; empty if none were asked for.
	Tracked []Tracked
}

// Tracked are the tokens that are followed over the layers at one position.
type Tracked struct {
	// IDs are their ids, ascending.
	IDs []int32
	// LogProbs has for each of them its log-probability at each of LensResult.Layers.
	LogProbs [][]float32
}

// Layer is a layer: a block, or -1 for the embedding. It panics if the layer was not read.
func (r *LensResult) Layer(number int) *Layer {
	return r.At(LayerPoint(number))
}

// Top are the best tokens at a layer and a token position, best first. It panics if they were not read.
func (r *LensResult) Top(layer, position int) []Prediction {
	return r.Layer(layer).Top(position)
}

// At is what the lens read at a place in the model. It panics if it did not.
func (r *LensResult) At(point ReadPoint) *Layer {
	for _, layer := range r.Layers {
		if layer.Point == point {
			return layer
		}
	}
	panic(fmt.Sprintf("the lens did not read %v; it has %v", point, r.points()))
}

// Trajectory is the log-probability of a token at each of Layers; false if the token was not tracked at the position.
func (r *LensResult) Trajectory(id int32, position int) ([]float32, bool) {
	if len(r.Tracked) == 0 {
		return nil, false
	}
	tracked := r.Tracked[r.info.positionIndex(position)]
	at, found := slices.BinarySearch(tracked.IDs, id)
	if !found {
		return nil, false
	}
	return tracked.LogProbs[at], true
}

// CrystallizationLayer is the first block that was read from which on the best token is the model's own up to the last block that
// was read; false if it is not so at the last. The embedding does not count.
func (r *LensResult) CrystallizationLayer(position int) (int, bool) {
	final := int32(r.info.FinalTop(position).Token.ID)
	since, found := 0, false
	for _, layer := range r.Layers {
		if layer.Point.Site != BlockOutput {
			continue
		}
		isFinal := layer.IDs[r.info.positionIndex(position)*r.info.TopK] == final
		if isFinal && !found {
			since = layer.Number()
		}
		found = isFinal
	}
	return since, found
}

func (r *LensResult) points() []ReadPoint {
	points := make([]ReadPoint, len(r.Layers))
	for i, layer := range r.Layers {
		points[i] = layer.Point
	}
	return points
}
