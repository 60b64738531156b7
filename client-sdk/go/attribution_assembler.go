package stratalens

import v1 "stratalens.dev/go/stratalensv1"

// attributionAssembler puts the chunks of an attribution together: part by part, each with all positions in order, then the logits.
type attributionAssembler struct {
	parts     []*v1.ReadPoint
	positions int
	targets   int
	shares    []*positionValues
	biases    positionValues
	logits    positionValues
}

// positionValues are consecutive values of consecutive positions.
type positionValues struct {
	values    []float32
	positions int
}

func newAttributionAssembler(head *headerReader) *attributionAssembler {
	return &attributionAssembler{
		parts: head.header.AttributedParts, positions: len(head.positions()), targets: head.targetCount(),
	}
}

func (a *attributionAssembler) addShares(chunk *v1.AttributionChunk) {
	if len(a.shares) == 0 || a.shares[len(a.shares)-1].positions == a.positions {
		a.shares = append(a.shares, &positionValues{})
	}
	part := len(a.shares) - 1
	require(int(chunk.Part) == part && part < len(a.parts) && a.logits.positions == 0,
		"expected part %d of the attribution, but %d of %d came", part, chunk.Part, len(a.parts))
	logits, shares := int(chunk.PositionCount)*a.targets, len(chunk.Shares)
	fits := shares == logits
	if a.parts[part].Site == v1.Site_SITE_ATTENTION_HEADS {
		fits = logits > 0 && shares >= logits && shares%logits == 0
	}
	require(fits, "part %d of the attribution has %d shares for %d logits", part, shares, logits)
	a.take(a.shares[part], chunk.FirstPosition, chunk.PositionCount, chunk.Shares)
}

func (a *attributionAssembler) addLogits(chunk *v1.AttributedLogitsChunk) {
	logits := int(chunk.PositionCount) * a.targets
	require(len(chunk.BiasShares) == logits && len(chunk.Logits) == logits,
		"%d attributed logits came with %d biases and %d logits", logits, len(chunk.BiasShares), len(chunk.Logits))
	a.take(&a.biases, chunk.FirstPosition, chunk.PositionCount, chunk.BiasShares)
	a.take(&a.logits, chunk.FirstPosition, chunk.PositionCount, chunk.Logits)
}

func (a *attributionAssembler) take(to *positionValues, first, count int32, values []float32) {
	require(int(first) == to.positions && count >= 1 && int(count) <= a.positions-to.positions,
		"expected an attribution from position index %d of %d, but %d from index %d came", to.positions, a.positions, count, first)
	to.positions += int(count)
	to.values = append(to.values, values...)
}

// finish gives all of it, and refuses what is not complete.
func (a *attributionAssembler) finish(info *Info, largestDifference float32) *Attribution {
	complete := len(a.shares) == len(a.parts) && a.logits.positions == a.positions
	for _, part := range a.shares {
		complete = complete && part.positions == a.positions
	}
	require(complete, "the attribution is not complete: %d of %d parts and %d of %d logits came",
		len(a.shares), len(a.parts), a.logits.positions, a.positions)
	attribution := &Attribution{
		info: info, shares: map[ReadPoint][]float32{}, heads: map[int][]float32{},
		biases: a.biases.values, logits: a.logits.values, LargestDifference: largestDifference,
	}
	for i, part := range a.parts {
		point := ReadPoint{Block: int(part.Block), Site: part.Site}
		require(point.Block >= 0, "a part of the attribution is in block %d", point.Block)
		switch part.Site {
		case v1.Site_SITE_ATTENTION_HEADS:
			attribution.heads[point.Block] = a.shares[i].values
		case Embedding, AttentionOutput, FeedForwardOutput:
			attribution.Parts = append(attribution.Parts, point)
			attribution.shares[point] = a.shares[i].values
		default:
			refuse("a part of the attribution is at the site %v", part.Site)
		}
	}
	return attribution
}
