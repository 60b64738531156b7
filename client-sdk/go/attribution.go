package stratalens

import "fmt"

// Attribution says how much each part of the model writes toward the logit of each target. The shares of all parts and the bias
// make the logit, before a softcap.
type Attribution struct {
	info *Info
	// Parts in order of computation: the embedding, and what the branches of the blocks add.
	Parts  []ReadPoint
	shares map[ReadPoint][]float32
	heads  map[int][]float32
	biases []float32
	logits []float32
	// LargestDifference is that of a logit from the sum of its shares, after the softcap.
	LargestDifference float32
}

// Share is the share of a part; NaN = the position has no such target. It panics if the part is none of Parts.
func (a *Attribution) Share(part ReadPoint, target, position int) float32 {
	shares, known := a.shares[part]
	if !known {
		panic(fmt.Sprintf("%v is no part of this attribution, which has %v", part, a.Parts))
	}
	return shares[a.info.targetPlace(target, position)]
}

// Heads is the number of attention heads of a block with shares of their own.
func (a *Attribution) Heads(block int) int {
	return len(a.heads[block]) / len(a.logits)
}

// HeadShare is the share of an attention head. It panics if the block has no such head.
func (a *Attribution) HeadShare(block, head, target, position int) float32 {
	heads := a.Heads(block)
	if head < 0 || head >= heads {
		panic(fmt.Sprintf("block %d has no head %d in this attribution, but %d heads", block, head, heads))
	}
	return a.heads[block][a.info.targetPlace(target, position)*heads+head]
}

// BiasShare is the share of the biases of the final norm and of the head.
func (a *Attribution) BiasShare(target, position int) float32 {
	return a.biases[a.info.targetPlace(target, position)]
}

// Logit is the model's own logit of a target, after its softcap.
func (a *Attribution) Logit(target, position int) float32 {
	return a.logits[a.info.targetPlace(target, position)]
}
