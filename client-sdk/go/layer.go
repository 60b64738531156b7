package stratalens

import (
	"fmt"
	"slices"

	v1 "stratalens.dev/go/stratalensv1"
)

// Layer is what one lens says at one read point. Arrays are row-major; p = positions, k = predictions per cell, m = targets.
type Layer struct {
	Info *Info
	// Lens is an index into Info.Lenses.
	Lens  int
	Point ReadPoint
	// IDs are the best tokens, [p * k], best first; ties by lower id.
	IDs []int32
	// LogProbs are their log-probabilities, [p * k].
	LogProbs []float32
	// TargetRanks are ranks of the targets, [p * m], 1 = best; 0 where a position has no such target.
	TargetRanks []int32
	// TargetLogProbs are their log-probabilities, [p * m]; NaN where a position has no such target.
	TargetLogProbs []float32
	// Columns have one value for each position; NaN = no value.
	Columns map[v1.Statistic][]float32

	// Codes that trajectories refer to; empty in streams without.
	codes, targetCodes []int32
}

// Number is the number of the layer: a block, or -1 for the embedding.
func (l *Layer) Number() int {
	return l.Point.Layer()
}

// Top are the best tokens of a token position, best first. It panics if the position was not read.
func (l *Layer) Top(position int) []Prediction {
	k := l.Info.TopK
	from := l.Info.positionIndex(position) * k
	top := make([]Prediction, k)
	for i := range top {
		top[i] = Prediction{l.Info.Token(l.IDs[from+i]), l.LogProbs[from+i]}
	}
	return top
}

// Column is a number of a cell; NaN = no value. It panics if the column was not asked for, or the position not read.
func (l *Layer) Column(statistic v1.Statistic, position int) float32 {
	values, asked := l.Columns[statistic]
	if !asked {
		panic(fmt.Sprintf("the statistic %v was not asked for", statistic))
	}
	return values[l.Info.positionIndex(position)]
}

// Rank is the rank of a target, an index into Info.Targets: 1 = best, 0 = the position has no such target.
func (l *Layer) Rank(target, position int) int {
	return int(l.TargetRanks[l.Info.targetPlace(target, position)])
}

// TargetLogProb is the log-probability of a target; NaN = the position has no such target.
func (l *Layer) TargetLogProb(target, position int) float32 {
	return l.TargetLogProbs[l.Info.targetPlace(target, position)]
}

// Info is what is known before the first layer.
type Info struct {
	RequestID string
	Model     *v1.ModelDescription
	Lenses    []*v1.Lens
	// Readings say what each lens reads. Empty if no lens is a fitted one: all read everywhere.
	Readings []*v1.LensReading
	// Approximate says that ranks, entropy and KL come from low-precision logits.
	Approximate bool
	// Prompt is the text that the model reads, of a chat as its template renders it; empty where ids were sent.
	Prompt string
	Tokens []PromptToken
	// Points are where the lenses read, in order of depth.
	Points []ReadPoint
	// Positions are the token positions that are read, ascending.
	Positions []int
	// Candidates is the rule that chose the predictions after the best; nil = they are the most likely tokens.
	Candidates *v1.Candidates
	// TopK is the number of predictions per cell, k.
	TopK    int
	Targets []TargetInfo
	// Statistics are the columns of every cell.
	Statistics []v1.Statistic
	// NumberForm says how numbers came.
	NumberForm v1.NumberForm
	// HasTrajectories says whether tokens are followed over the layers.
	HasTrajectories bool
	// FinalTops are the model's own best tokens, one for each of Positions.
	FinalTops []Prediction

	vocabulary *vocabulary
}

// TargetInfo is a target as the server understood it.
type TargetInfo struct {
	Target *v1.Target
	// Encoding are the tokens of a word or id; the first is followed. Empty for targets that depend on the position.
	Encoding []Token
	// IDs are the token ids at each of Info.Positions; -1 = none.
	IDs []int32
}

// Token is the token of an id that occurs in the result. It panics for other ids.
func (i *Info) Token(id int32) Token {
	token, known := i.vocabulary.tokens[id]
	if !known {
		panic(fmt.Sprintf("token id %d does not occur in this result", id))
	}
	return token
}

// LastPosition is the last token position that was read.
func (i *Info) LastPosition() int {
	return i.Positions[len(i.Positions)-1]
}

// FinalTop is the model's own best token at a token position.
func (i *Info) FinalTop(position int) Prediction {
	return i.FinalTops[i.positionIndex(position)]
}

func (i *Info) positionIndex(position int) int {
	index, found := slices.BinarySearch(i.Positions, position)
	if !found {
		panic(fmt.Sprintf("position %d was not read; there are %v", position, i.Positions))
	}
	return index
}

func (i *Info) targetPlace(target, position int) int {
	if target < 0 || target >= len(i.Targets) {
		panic(fmt.Sprintf("there is no target %d; the request has %d", target, len(i.Targets)))
	}
	return i.positionIndex(position)*len(i.Targets) + target
}
