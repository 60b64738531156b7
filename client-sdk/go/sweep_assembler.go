package stratalens

import (
	"math"
	"slices"

	v1 "stratalens.dev/go/stratalensv1"
)

// sweepAssembler puts the events of a sweep together, and refuses every stream that is not complete and consistent: header, prompt
// chunks, cells, summary. Progress may come between any two.
type sweepAssembler struct {
	sweep  *SweepResult
	prompt *promptReader
	// Cells that came.
	came []bool
}

func (a *sweepAssembler) add(events []*v1.SweepEvent) (err error) {
	defer recoverBroken(&err)
	for _, event := range events {
		require(a.sweep == nil || a.sweep.Summary == nil || event.Kind == nil, "%T came after the summary", event.Kind)
		switch kind := event.Kind.(type) {
		case *v1.SweepEvent_Header:
			a.addHeader(kind.Header)
		case *v1.SweepEvent_PromptChunk:
			a.addPrompt(kind.PromptChunk)
		case *v1.SweepEvent_Cells:
			a.addCells(kind.Cells)
		case *v1.SweepEvent_Summary:
			a.addSummary(kind.Summary)
		}
	}
	return nil
}

func (a *sweepAssembler) finish() (*SweepResult, error) {
	if a.sweep == nil || a.sweep.Summary == nil {
		return nil, brokenStream("the sweep ended without a summary").asError()
	}
	return a.sweep, nil
}

func (a *sweepAssembler) addHeader(header *v1.SweepHeader) {
	require(a.sweep == nil, "a second header came")
	require(len(header.Layers) > 0, "the header of the sweep has no layers")
	require(header.TokenCount >= 1, "the header says that the prompt has %d tokens", header.TokenCount)
	a.sweep = &SweepResult{Header: header}
	texts := newVocabulary(header.GetModel().GetTokenSpelling(), header.GetModel().GetVocabularySize())
	a.prompt = &promptReader{count: int(header.TokenCount), vocabulary: texts}
}

func (a *sweepAssembler) addPrompt(chunk *v1.PromptChunk) {
	require(a.sweep != nil, "a prompt chunk came before the header")
	a.prompt.add(chunk)
	if !a.prompt.isComplete() {
		return
	}
	header := a.sweep.Header
	same := slices.EqualFunc(header.Positions, a.prompt.positions, func(one int32, other int) bool { return int(one) == other })
	require(same, "the positions of header and prompt differ: %v and %v", header.Positions, a.prompt.positions)
	a.sweep.Tokens = a.prompt.tokens
	count := len(header.Layers) * len(header.Positions) * max(1, len(header.Heads))
	require(count <= math.MaxInt32, "the header promises %d cells, more than can be kept", count)
	a.sweep.Values, a.came = make([]float32, count), make([]bool, count)
}

func (a *sweepAssembler) addCells(cells *v1.SweepCells) {
	require(a.came != nil, "cells came before all of the prompt")
	first, count := cells.FirstCell, int64(len(cells.Values))
	require(first >= 0 && first <= int64(len(a.came))-count, "%d cells from %d on came for a grid of %d", count, first, len(a.came))
	for i, value := range cells.Values {
		at := int(first) + i
		require(!a.came[at], "cell %d came twice", at)
		a.sweep.Values[at], a.came[at] = value, true
	}
}

func (a *sweepAssembler) addSummary(summary *v1.SweepSummary) {
	require(a.came != nil, "the summary came before all of the prompt")
	missing := slices.Index(a.came, false)
	require(missing < 0 && summary.CellCount == int64(len(a.came)),
		"the summary counts %d cells of a grid of %d, whose first missing one is %d", summary.CellCount, len(a.came), missing)
	a.sweep.Summary = summary
}
