package stratalens

import (
	"slices"

	v1 "stratalens.dev/go/stratalensv1"
)

// Effect is what interventions did.
type Effect struct {
	// Reached has for each of Info.Points the positions whose rows can differ from those of the unchanged pass, ascending.
	Reached map[ReadPoint][]int
	// LargestUnreachedDifference is the largest absolute difference among the rows of the result that cannot differ; nil if there are none.
	LargestUnreachedDifference *float32
	// Metrics are the values of the requested metrics, in order.
	Metrics []*v1.MetricValue
}

// Reaches says whether a cell can differ from that of the unchanged pass.
func (e *Effect) Reaches(point ReadPoint, position int) bool {
	return slices.Contains(e.Reached[point], position)
}

// readEffect checks an effect against request and header.
func readEffect(asked *v1.EffectOptions, info *Info, message *v1.InterventionEffect) *Effect {
	require(len(message.Reached) == len(info.Points), "the effect speaks of %d of %d read points", len(message.Reached), len(info.Points))
	require(len(message.Metrics) == len(asked.Metrics), "%d of %d metrics came", len(message.Metrics), len(asked.Metrics))
	effect := &Effect{
		Reached: map[ReadPoint][]int{}, LargestUnreachedDifference: message.LargestUnreachedDifference, Metrics: message.Metrics,
	}
	for i, reached := range message.Reached {
		var positions []int
		for _, indexes := range reached.Positions {
			first, last, stride := int(indexes.GetFirst()), int(indexes.GetLast()), int(indexes.GetStride())
			require(stride >= 1 && first >= 0, "the effect speaks of the positions %d .. %d, every %d", first, last, stride)
			for position := first; position < last; position += stride {
				positions = append(positions, position)
			}
			positions = append(positions, last)
		}
		for _, position := range positions {
			require(slices.Contains(info.Positions, position), "the effect speaks of position %d, which is not in the result", position)
		}
		effect.Reached[info.Points[i]] = positions
	}
	return effect
}
