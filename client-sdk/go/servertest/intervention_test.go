package servertest

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"stratalens.dev/go"
	v1 "stratalens.dev/go/stratalensv1"
)

// zeroed makes the feed-forward of two blocks add nothing at the last position.
func zeroed() *v1.Intervention {
	rows := stratalens.ChangedRows(stratalens.FeedForwardOutput, stratalens.Between(6, 7))
	rows.Positions = []*v1.IndexRange{stratalens.At(-1)}
	return stratalens.SetZero(rows)
}

func logitOf(word string) *v1.Metric {
	return stratalens.Logit(stratalens.Word(word))
}

func TestEachOperationIsDone(t *testing.T) {
	client := connect(t)
	last := func(layer int) *v1.InterventionRows {
		rows := stratalens.ChangedRows(stratalens.BlockOutput, stratalens.At(layer))
		rows.Positions = []*v1.IndexRange{stratalens.At(-1)}
		return rows
	}
	paris, rome := stratalens.Word(" Paris"), stratalens.Word(" Rome")
	places := stratalens.RowsOf([]string{capital, "The capital of Italy is"}, stratalens.At(-1))
	others := stratalens.RowsOf([]string{"In France, people"}, stratalens.At(-1))
	vector := make([]float32, 192)
	vector[3] = 5
	for _, change := range []*v1.Intervention{
		stratalens.ReplaceFrom(last(8), stratalens.Text("The capital of Italy is")),
		stratalens.Add(last(8), stratalens.TokenDirection(rome), 20),
		stratalens.AddShare(last(5), stratalens.Difference(others, places), 1),
		stratalens.Add(last(8), stratalens.VectorDirection(vector...), 10),
		stratalens.ProjectOut(last(8), stratalens.TokenDirection(paris)),
		stratalens.Swap(last(8), stratalens.TokenDirection(paris), stratalens.TokenDirection(rome)),
		stratalens.SetZero(last(8)),
		stratalens.SetMean(last(8), others),
		stratalens.SetVector(last(8), vector...),
		stratalens.Scale(last(8), -1),
		stratalens.SkipBlock(last(7)),
	} {
		request := stratalens.Ask(capital, stratalens.Intervene(change),
			stratalens.WithEffect(stratalens.KLFromUnchanged(), stratalens.LogitDifference(rome, paris), stratalens.LogProbability(rome)))
		result, err := client.Analyze(context.Background(), request)
		if err != nil {
			t.Error(change, err)
		} else if moved := result.Effect.Metrics[0].Changed; moved < 1e-4 {
			t.Error(change, moved)
		}
	}
	// The server has no fitted lens.
	unknown := stratalens.AddShare(last(5), stratalens.LensDirection(rome, "other"), 1)
	_, err := client.Analyze(context.Background(), stratalens.Ask(capital, stratalens.Intervene(unknown)))
	if err == nil || !strings.Contains(err.Error(), "other") {
		t.Error(err)
	}
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
