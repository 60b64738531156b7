package servertest

import (
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"stratalens.dev/go"
	v1 "stratalens.dev/go/stratalensv1"
)

const capital = "The capital of France is"

func connect(t *testing.T) *stratalens.Client {
	t.Helper()
	address := os.Getenv("STRATALENS_ADDRESS")
	if address == "" {
		t.Fatal("STRATALENS_ADDRESS names no server on the demo model; check.sh starts one")
	}
	client, err := stratalens.Connect(address, stratalens.Plaintext())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

func TestAnalyze(t *testing.T) {
	result, err := connect(t).Analyze(context.Background(),
		stratalens.Ask(capital, stratalens.Targets(stratalens.Word(" Paris"), stratalens.NextToken())))
	if err != nil {
		t.Fatal(err)
	}
	last, layers := result.LastPosition(), result.Layers
	deepest := layers[len(layers)-1].Number()
	if best := result.Top(deepest, last)[0]; best.Token.Text != " Paris" || best.Probability() < 0.9 {
		t.Error(best)
	}
	if len(result.Tokens) != 6 || result.Prompt != capital || result.Tokens[last].Text != " is" {
		t.Error(result.Tokens, result.Prompt)
	}
	entropy := result.Column(stratalens.Entropy)
	if len(entropy.Values) != len(layers)*6 || !(entropy.At(deepest, last) < entropy.At(3, last)) {
		t.Error(entropy)
	}
	ranks := result.Ranks(0)
	if ranks.At(0, last) < 100 || ranks.At(deepest, last) != 1 {
		t.Error(ranks)
	}
	if layers[0].Rank(1, last) != 0 || !math.IsNaN(float64(layers[0].TargetLogProb(1, last))) {
		t.Error("the last position has a next token")
	}
	if layer, crystallizes := result.CrystallizationLayer(last); !crystallizes || layer < 4 {
		t.Error(layer, crystallizes)
	}
	paris := result.Targets[0].Encoding[0]
	values, tracked := result.Trajectory(int32(paris.ID), last)
	if !tracked || values[deepest] != layers[deepest].TargetLogProb(0, last) {
		t.Error(values)
	}
	if !result.Summary.SelfCheck.Top1Agrees {
		t.Error(result.Summary)
	}
}

func TestParts(t *testing.T) {
	result, err := connect(t).Analyze(context.Background(), stratalens.Ask(capital,
		stratalens.Lenses(stratalens.LogitLens(), stratalens.RawLens()),
		stratalens.Layers(stratalens.Between(-2, -1)), stratalens.Positions(stratalens.At(-1)),
		stratalens.Sites(stratalens.Embedding, stratalens.FeedForwardOutput, stratalens.BlockOutput),
		stratalens.Targets(stratalens.FinalTop()), stratalens.WithAttribution(), stratalens.Exact(), stratalens.TopK(3)))
	if err != nil {
		t.Fatal(err)
	}
	if len(result.ByLens) != 2 || len(result.Points) != 5 || !slices.Equal(result.Positions, []int{5}) || result.TopK != 3 {
		t.Error(result.Points, result.Positions)
	}
	sum := float64(result.Attribution.BiasShare(0, 5))
	for _, part := range result.Attribution.Parts {
		sum += float64(result.Attribution.Share(part, 0, 5))
	}
	if math.Abs(sum-float64(result.Attribution.Logit(0, 5))) > 0.01 {
		t.Error(sum, result.Attribution.Logit(0, 5))
	}
}

func TestCandidates(t *testing.T) {
	rule := &v1.Candidates{Rule: &v1.Candidates_Words{Words: &v1.WordCandidates{}}}
	result, err := connect(t).Analyze(context.Background(), stratalens.Ask(capital, stratalens.AllSites(), stratalens.Candidates(rule)))
	if err != nil {
		t.Fatal(err)
	}
	if result.Points[0].Site != stratalens.Embedding || len(result.Points) <= 2*int(result.Model.BlockCount) {
		t.Error(result.Points)
	}
	written, err := result.NativeJSON()
	if err != nil || !strings.Contains(string(written), `"candidates":"words"`) {
		t.Error(err)
	}
}

func TestStream(t *testing.T) {
	stream, err := connect(t).Stream(context.Background(), stratalens.Ask(capital))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	info, err := stream.Info()
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int
	for layer, err := range stream.Layers() {
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, layer.Number())
	}
	if len(numbers) != int(info.Model.BlockCount) || !slices.IsSorted(numbers) {
		t.Error(numbers)
	}
	if _, err := stream.Result(); err != nil {
		t.Error(err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	stream, err := connect(t).Stream(ctx, stratalens.Ask(strings.Repeat(capital+" ", 60)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Info(); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := stream.Result(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestBatch(t *testing.T) {
	prompts := slices.Repeat([]string{capital, "The capital of Italy is", ""}, 20)
	requests := func(yield func(*v1.AnalyzeRequest) bool) {
		for _, prompt := range prompts {
			if !yield(stratalens.Ask(prompt, stratalens.TopK(1), stratalens.WithoutTrajectories())) {
				return
			}
		}
	}
	expected := []string{" Paris", " Rome", ""}
	came := map[int]bool{}
	for outcome, err := range connect(t).Batch(context.Background(), requests) {
		if err != nil {
			t.Fatal(err)
		}
		came[outcome.Index] = true
		if word := expected[outcome.Index%3]; word != "" {
			if outcome.Err != nil || outcome.Result.FinalTop(outcome.Result.LastPosition()).Token.Text != word {
				t.Error(outcome)
			}
			continue
		}
		var failure *stratalens.Error
		if !errors.As(outcome.Err, &failure) || failure.Code != stratalens.CodeInvalidRequest ||
			failure.Detail.(*v1.InvalidField).Field != "prompt.text" {
			t.Error(outcome.Err)
		}
	}
	if len(came) != len(prompts) {
		t.Errorf("%d of %d outcomes", len(came), len(prompts))
	}
}

// TestPulling pulls at most as many requests as the server works on at a time and whose outcomes were not taken.
func TestPulling(t *testing.T) {
	client := connect(t)
	info, err := client.ServerInfo(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var taken, most atomic.Int64 // the source runs beside the loop
	ended := make(chan struct{})
	requests := func(yield func(*v1.AnalyzeRequest) bool) {
		defer close(ended)
		for pulled := int64(1); yield(stratalens.Ask(capital)); pulled++ {
			most.Store(max(most.Load(), pulled-taken.Load()))
		}
	}
	for outcome, err := range client.Batch(context.Background(), requests) {
		if err != nil || outcome.Err != nil {
			t.Fatal(err, outcome.Err)
		}
		if taken.Add(1) == 20 {
			break
		}
	}
	<-ended
	if window := int64(info.Limits.BatchWindow); most.Load() > max(16, window)+1 {
		t.Errorf("%d requests were pulled and not taken, with a window of %d", most.Load(), window)
	}
}

// TestWaitingSource asks of each outcome what to ask next.
func TestWaitingSource(t *testing.T) {
	continued := make(chan string, 1)
	continued <- capital
	requests := func(yield func(*v1.AnalyzeRequest) bool) {
		for text := range continued {
			if !yield(stratalens.Ask(text, stratalens.TopK(1), stratalens.WithoutTrajectories())) {
				return
			}
		}
	}
	text := capital
	for outcome, err := range connect(t).Batch(context.Background(), requests) {
		if err != nil || outcome.Err != nil {
			t.Fatal(err, outcome.Err)
		}
		text += outcome.Result.FinalTop(outcome.Result.LastPosition()).Token.Text
		if outcome.Index == 1 {
			close(continued)
		} else {
			continued <- text
		}
	}
	if !strings.HasPrefix(text, capital+" Paris") || len(text) == len(capital+" Paris") {
		t.Error(text)
	}
}

func TestFailures(t *testing.T) {
	_, err := connect(t).Analyze(context.Background(), stratalens.Ask(capital, stratalens.Model("other")))
	var failure *stratalens.Error
	if !errors.As(err, &failure) || failure.Code != stratalens.CodeUnknownModel {
		t.Fatal(err)
	}
	unknown, typed := failure.Detail.(*v1.UnknownModel)
	if !typed || unknown.Name != "other" || !slices.Equal(unknown.Served, []string{"demo"}) || failure.Retryable() {
		t.Error(failure.Detail)
	}
}

func TestServer(t *testing.T) {
	client := connect(t)
	info, err := client.ServerInfo(context.Background())
	if err != nil || info.ApiVersion != "stratalens.v1" {
		t.Error(info, err)
	}
	models, err := client.ServedModels(context.Background())
	if err != nil || len(models) != 1 || models[0].Name != "demo" {
		t.Error(models, err)
	}
}
