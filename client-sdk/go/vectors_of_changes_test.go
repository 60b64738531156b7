package stratalens

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	v1 "stratalens.dev/go/stratalensv1"
)

func TestChangedVectors(t *testing.T) {
	forEachVector(t, "changed", 15, func(t *testing.T, folder string) {
		requireOutcome(t, folder, func() (*Result, error) {
			request, events := recorded(t, folder)
			answer := newAssembler(request)
			if err := answer.add(events); err != nil {
				return nil, err
			}
			return answer.finish()
		}, func(result *Result) { compareChanged(t, folder, result) })
	})
}

func compareChanged(t *testing.T, folder string, result *Result) {
	var file struct {
		Result, Unchanged json.RawMessage
		Reached           []struct {
			Block     int
			Site      string
			Positions []int
		}
		Metrics []struct{ Unchanged, Changed float64 }
		Largest *float32 `json:"largest_unreached_difference"`
	}
	readJSON(t, filepath.Join(folder, "result.json"), &file)
	requireSameFile(t, result, file.Result)
	if (file.Unchanged != nil) != (result.Unchanged != nil) {
		t.Fatal("unchanged:", result.Unchanged)
	}
	if result.Unchanged != nil {
		requireSameFile(t, result.Unchanged, file.Unchanged)
	}
	if len(file.Reached) != len(result.Points) || len(file.Metrics) != len(result.Effect.Metrics) {
		t.Fatal(result.Effect)
	}
	for i, reached := range file.Reached {
		point := result.Points[i]
		if point.Block != reached.Block || !slices.Equal(result.Effect.Reached[point], reached.Positions) {
			t.Error(point, result.Effect.Reached[point], reached)
		}
	}
	for i, metric := range file.Metrics {
		if came := result.Effect.Metrics[i]; came.Unchanged != metric.Unchanged || came.Changed != metric.Changed {
			t.Error(came, metric)
		}
	}
	largest := result.Effect.LargestUnreachedDifference
	if (largest == nil) != (file.Largest == nil) || largest != nil && *largest != *file.Largest {
		t.Error(largest, file.Largest)
	}
}

func TestGenerationVectors(t *testing.T) {
	forEachVector(t, "generate", 30, func(t *testing.T, folder string) {
		requireOutcome(t, folder, func() (*GenerationResult, error) {
			answer := &generationAssembler{request: readRequest(t, folder, &v1.GenerateRequest{})}
			if err := answer.add(readEvents(t, folder, func() *v1.Event { return &v1.Event{} })); err != nil {
				return nil, err
			}
			return answer.finish()
		}, func(result *GenerationResult) { compareGeneration(t, folder, result) })
	})
}

func compareGeneration(t *testing.T, folder string, result *GenerationResult) {
	var file struct {
		Reading json.RawMessage
		Text    string
		Reason  string  `json:"stop_reason"`
		Seed    *string // as text, since it may be too large for a float
		Tokens  []struct {
			Position, ID int
			LogProb      float32 `json:"log_prob"`
			SettledFrom  *int32  `json:"settled_from"`
			Forced       bool
			Text         string
		}
	}
	readJSON(t, filepath.Join(folder, "result.json"), &file)
	requireSameFile(t, result.Reading, file.Reading)
	reason := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(result.StopReason.String(), "STOP_REASON_")), "_", "-")
	if result.Text() != file.Text || reason != file.Reason || len(result.Tokens) != len(file.Tokens) {
		t.Fatal(result)
	}
	if (result.Seed == nil) != (file.Seed == nil) || result.Seed != nil && strconv.FormatUint(*result.Seed, 10) != *file.Seed {
		t.Error(result.Seed, file.Seed)
	}
	for i, expected := range file.Tokens {
		came := result.Tokens[i]
		settled := (came.SettledFrom == nil) == (expected.SettledFrom == nil) &&
			(came.SettledFrom == nil || *came.SettledFrom == *expected.SettledFrom)
		if came.Position != expected.Position || came.Token.ID != expected.ID || came.LogProb != expected.LogProb ||
			came.Forced != expected.Forced || came.Text != expected.Text || !settled {
			t.Error(came, expected)
		}
	}
}

func TestSweepVectors(t *testing.T) {
	forEachVector(t, "sweep", 18, func(t *testing.T, folder string) {
		requireOutcome(t, folder, func() (*SweepResult, error) {
			return swept(readEvents(t, folder, func() *v1.SweepEvent { return &v1.SweepEvent{} }))
		}, func(result *SweepResult) { compareSweep(t, folder, result) })
	})
}

func compareSweep(t *testing.T, folder string, result *SweepResult) {
	var file struct {
		Tokens                   []string
		Layers, Positions, Heads []int32
		MetricPosition           int32 `json:"metric_position"`
		Unchanged                float64
		Source                   *float64
		Values                   []float32
	}
	readJSON(t, filepath.Join(folder, "result.json"), &file)
	header := result.Header
	var texts []string
	for _, token := range result.Tokens {
		texts = append(texts, token.Text)
	}
	if !slices.Equal(texts, file.Tokens) || !slices.Equal(header.Layers, file.Layers) || !slices.Equal(header.Positions, file.Positions) ||
		!slices.Equal(header.Heads, file.Heads) || !slices.Equal(result.Values, file.Values) {
		t.Error(result)
	}
	if header.Metric.GetPosition() != file.MetricPosition || header.Unchanged != file.Unchanged ||
		(header.Source == nil) != (file.Source == nil) || header.Source != nil && *header.Source != *file.Source {
		t.Error(header)
	}
}
