package stratalens

import (
	"context"
	"fmt"
	"slices"

	v1 "stratalens.dev/go/stratalensv1"
)

// SweepResult is a complete sweep: how much a change at each block and position moves a metric.
type SweepResult struct {
	// Header has the grid, the metric, and its value without a change.
	Header *v1.SweepHeader
	Tokens []PromptToken
	// Values are the metric after each change, [layers * positions * heads]; heads = 1 unless each is changed alone.
	Values  []float32
	Summary *v1.SweepSummary
}

// At is the metric after a change at a block and a token position, of all heads together. It panics if the grid does not have them.
func (s *SweepResult) At(layer, position int) float32 {
	return s.values(layer, position)[0]
}

// AtHead is the metric after a change of one head. It panics if the grid does not have it.
func (s *SweepResult) AtHead(layer, position, head int) float32 {
	place := slices.Index(s.Header.Heads, int32(head))
	if place < 0 {
		panic(fmt.Sprintf("head %d is not in the sweep; there are %v", head, s.Header.Heads))
	}
	return s.values(layer, position)[place]
}

func (s *SweepResult) values(layer, position int) []float32 {
	row, column := slices.Index(s.Header.Layers, int32(layer)), slices.Index(s.Header.Positions, int32(position))
	if row < 0 || column < 0 {
		panic(fmt.Sprintf("layer %d at position %d is not in the sweep; there are %v at %v", layer, position, s.Header.Layers, s.Header.Positions))
	}
	heads := max(1, len(s.Header.Heads))
	from := (row*len(s.Header.Positions) + column) * heads
	return s.Values[from : from+heads]
}

// Sweep applies an intervention at each block and position of a grid on its own, and waits for all values. The end of the context cancels
// the work on the server.
func (c *Client) Sweep(ctx context.Context, request *v1.SweepRequest) (*SweepResult, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	call, err := c.Lens.Sweep(ctx, request)
	if err != nil {
		return nil, failureOf(err)
	}
	assembler := &sweepAssembler{}
	take := func(response *v1.SweepResponse) error { return assembler.add(response.Events) }
	read := &answer[v1.SweepResponse, SweepResult]{call: call, cancel: cancel, take: take, finish: assembler.finish}
	return read.complete()
}
