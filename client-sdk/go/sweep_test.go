package stratalens

import (
	"slices"
	"testing"

	v1 "stratalens.dev/go/stratalensv1"
)

// sweptEvents are those of a sweep of two layers, one position and two heads.
func sweptEvents() []*v1.SweepEvent {
	header := &v1.SweepHeader{
		Model:      &v1.ModelDescription{VocabularySize: 10},
		TokenCount: 2, Layers: []int32{3, 5}, Positions: []int32{1}, Heads: []int32{0, 4}, Unchanged: 7,
	}
	prompt := &v1.PromptChunk{
		TokenIds: []int32{4, 6}, Positions: []*v1.IndexRange{Every(1, 1, 1)},
		NewTokens: &v1.TokenTable{Ids: []int32{4, 6}, Texts: [][]byte{[]byte("a"), []byte("b")}},
	}
	return []*v1.SweepEvent{
		{Kind: &v1.SweepEvent_Header{Header: header}},
		{Kind: &v1.SweepEvent_PromptChunk{PromptChunk: prompt}},
		{},
		{Kind: &v1.SweepEvent_Cells{Cells: &v1.SweepCells{FirstCell: 3, Values: []float32{0.75}}}},
		{Kind: &v1.SweepEvent_Cells{Cells: &v1.SweepCells{FirstCell: 0, Values: []float32{0, 0.25, 0.5}}}},
		{Kind: &v1.SweepEvent_Summary{Summary: &v1.SweepSummary{CellCount: 4}}},
	}
}

func TestSweep(t *testing.T) {
	sweep, err := swept(sweptEvents())
	if err != nil {
		t.Fatal(err)
	}
	if sweep.AtHead(5, 1, 4) != 0.75 || sweep.AtHead(5, 1, 0) != 0.5 || sweep.At(3, 1) != 0 || sweep.Tokens[1].Text != "b" {
		t.Error(sweep)
	}
}

func TestSweepsThatAreBroken(t *testing.T) {
	for name, damage := range map[string]func([]*v1.SweepEvent) []*v1.SweepEvent{
		"no header":   func(e []*v1.SweepEvent) []*v1.SweepEvent { return e[1:] },
		"two headers": func(e []*v1.SweepEvent) []*v1.SweepEvent { return slices.Insert(e, 1, e[0]) },
		"no prompt":   func(e []*v1.SweepEvent) []*v1.SweepEvent { return slices.Delete(e, 1, 2) },
		"no cells":    func(e []*v1.SweepEvent) []*v1.SweepEvent { return slices.Delete(e, 3, 4) },
		"cells twice": func(e []*v1.SweepEvent) []*v1.SweepEvent { return slices.Insert(e, 3, e[3]) },
		"no summary":  func(e []*v1.SweepEvent) []*v1.SweepEvent { return e[:5] },
		"after it":    func(e []*v1.SweepEvent) []*v1.SweepEvent { return append(e, e[3]) },
		"wrong count": func(e []*v1.SweepEvent) []*v1.SweepEvent { e[5].GetSummary().CellCount = 5; return e },
		"beyond it":   func(e []*v1.SweepEvent) []*v1.SweepEvent { e[3].GetCells().FirstCell = 4; return e },
		"too many": func(e []*v1.SweepEvent) []*v1.SweepEvent {
			header := e[0].GetHeader()
			header.Layers, header.Heads = make([]int32, 1<<20), make([]int32, 1<<20)
			return e
		},
		"wrong places": func(e []*v1.SweepEvent) []*v1.SweepEvent { e[0].GetHeader().Positions[0] = 0; return e },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := swept(damage(sweptEvents()))
			requireFailure(t, err, CodeBrokenStream, "cannot be used")
		})
	}
}

func swept(events []*v1.SweepEvent) (*SweepResult, error) {
	answer := &sweepAssembler{}
	if err := answer.add(events); err != nil {
		return nil, err
	}
	return answer.finish()
}
