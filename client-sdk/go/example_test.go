package stratalens_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"stratalens.dev/go"
	v1 "stratalens.dev/go/stratalensv1"
)

// What each layer says after a prompt, and how far it is with a word.
func ExampleClient_Analyze() {
	client, err := stratalens.Connect("localhost:50061", stratalens.Plaintext())
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	result, err := client.Analyze(ctx, stratalens.Ask("The capital of France is", stratalens.Targets(stratalens.Word(" Paris"))))
	if err != nil {
		log.Fatal(err) // says what to do
	}
	last := result.LastPosition()
	for _, layer := range result.Layers {
		fmt.Println(layer.Number(), layer.Top(last)[0].Token.Display(), layer.Rank(0, last))
	}
}

// A request for each line, over one call.
func ExampleClient_Batch() {
	client, err := stratalens.Connect("lens.example.org:50061", stratalens.APIKey(func() string { return os.Getenv("LENS_KEY") }))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	requests := func(yield func(*v1.AnalyzeRequest) bool) {
		for _, prompt := range []string{"The capital of France is", "The capital of Italy is"} {
			if !yield(stratalens.Ask(prompt, stratalens.TopK(1), stratalens.WithoutTrajectories())) {
				return
			}
		}
	}
	for outcome, err := range client.Batch(context.Background(), requests) {
		switch {
		case err != nil:
			log.Fatal(err) // the batch has ended
		case outcome.Err != nil:
			log.Print(outcome.Index, ": ", outcome.Err) // one request has failed
		default:
			fmt.Println(outcome.Index, outcome.Result.FinalTop(outcome.Result.LastPosition()).Token.Display())
		}
	}
}

// Takes what layer 6 of another prompt holds at the last position.
func ExampleReplaceFrom() {
	rows := stratalens.ChangedRows(stratalens.BlockOutput, stratalens.At(6))
	rows.Positions = []*v1.IndexRange{stratalens.At(-1)}
	request := stratalens.Ask("The capital of France is",
		stratalens.Intervene(stratalens.ReplaceFrom(rows, stratalens.Text("The capital of Italy is"))),
		stratalens.WithEffect(stratalens.LogProbability(stratalens.Word(" Rome"))))
	fmt.Println(len(request.Interventions), len(request.Effect.Metrics))
	// Output: 1 1
}
