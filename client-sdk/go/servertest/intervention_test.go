package servertest

import (
	"context"
	"math"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"stratalens.dev/go"
	v1 "stratalens.dev/go/stratalensv1"
)

// zeroed makes the feed-forward of two blocks add nothing at the last position.
func zeroed() *v1.Intervention {
	return &v1.Intervention{
		Rows: &v1.InterventionRows{
			Site:      stratalens.FeedForwardOutput,
			Layers:    []*v1.IndexRange{stratalens.Between(6, 7)},
			Positions: []*v1.IndexRange{stratalens.At(-1)},
		},
		Operation: &v1.Intervention_Set{Set: &v1.SetRow{Value: &v1.SetRow_Zero{Zero: &v1.ZeroRow{}}}},
	}
}

func logitOf(word string) *v1.Metric {
	return &v1.Metric{Kind: &v1.Metric_Logit{Logit: stratalens.Word(word)}}
}

func TestIntervention(t *testing.T) {
	client := connect(t)
	result, err := client.Analyze(context.Background(),
		stratalens.Ask(capital, stratalens.Intervene(zeroed()), stratalens.WithUnchanged(logitOf(" Paris"))))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := client.Analyze(context.Background(), stratalens.Ask(capital))
	if err != nil {
		t.Fatal(err)
	}
	last := result.LastPosition()
	if !slices.Equal(result.Unchanged.Top(9, last), plain.Top(9, last)) || slices.Equal(result.Top(9, last), plain.Top(9, last)) {
		t.Error(result.Top(9, last), result.Unchanged.Top(9, last))
	}
	if result.Effect.Reaches(stratalens.LayerPoint(9), 0) || !result.Effect.Reaches(stratalens.LayerPoint(9), last) {
		t.Error(result.Effect.Reached)
	}
	if metric := result.Effect.Metrics[0]; math.Abs(metric.Changed-metric.Unchanged) < 0.01 {
		t.Error(metric)
	}
}

func TestSweep(t *testing.T) {
	intervention := zeroed()
	intervention.Rows.Positions = nil
	sweep, err := connect(t).Sweep(context.Background(), &v1.SweepRequest{
		Prompt:       stratalens.Ask(capital).Prompt,
		Intervention: intervention,
		Metric:       logitOf(" Paris"),
		Model:        proto.String("demo"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(sweep.Values) != 2*6 || len(sweep.Tokens) != 6 || math.IsNaN(float64(sweep.At(7, 0))) {
		t.Error(sweep.Values)
	}
	if !(math.Abs(float64(sweep.At(6, 5))-sweep.Header.Unchanged) > 0.1) {
		t.Error(sweep.At(6, 5), sweep.Header.Unchanged)
	}
}
