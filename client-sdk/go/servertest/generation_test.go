package servertest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"stratalens.dev/go"
	v1 "stratalens.dev/go/stratalensv1"
)

const count = "one two three one two"

func TestGenerate(t *testing.T) {
	client := connect(t)
	stream, err := client.GenerationStream(
		context.Background(), stratalens.Ask(count, stratalens.Targets(stratalens.NextToken())), &v1.GenerationOptions{MaxTokens: proto.Int32(3)})
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	var words []string
	for token, err := range stream.Tokens() {
		if err != nil {
			t.Fatal(err)
		}
		words = append(words, token.Text)
		if best := token.ChosenFrom.Top(9, token.Position-1)[0]; best.Token != token.Token {
			t.Error(best, token)
		}
	}
	if !slices.Equal(words, []string{" three", " four", " five"}) {
		t.Error(words)
	}
	result, err := stream.Result()
	if err != nil {
		t.Fatal(err)
	}
	if result.StopReason != v1.StopReason_STOP_REASON_MAX_TOKENS || result.Seed != nil || result.Text() != " three four five" {
		t.Error(result)
	}
	reading := result.Reading
	whole, err := client.Analyze(context.Background(), stratalens.Ask(reading.Prompt, stratalens.Targets(stratalens.NextToken())))
	if err != nil {
		t.Fatal(err)
	}
	if reading.Prompt != count+result.Text() || !slices.Equal(reading.Tokens, whole.Tokens) ||
		!slices.Equal(reading.Targets[0].IDs, whole.Targets[0].IDs) {
		t.Error(reading.Info, whole.Info)
	}
	for layer := range reading.Layers {
		for _, position := range reading.Positions {
			if reading.Top(layer, position)[0].Token != whole.Top(layer, position)[0].Token {
				t.Error(layer, position)
			}
		}
	}
}

func TestDrawnAndForced(t *testing.T) {
	client := connect(t)
	options := &v1.GenerationOptions{
		MaxTokens: proto.Int32(5), Sampling: &v1.Sampling{Seed: proto.Uint64(1 << 63)}, StopTexts: []string{" four"},
		Forced: &v1.TokenIds{Ids: []int32{5}},
	}
	result, err := client.Generate(context.Background(), stratalens.Ask(count), options)
	if err != nil {
		t.Fatal(err)
	}
	if *result.Seed != 1<<63 || result.Tokens[0].Token.ID != 5 || !result.Tokens[0].Forced {
		t.Error(result)
	}
	again, err := client.Generate(context.Background(), stratalens.Ask(count), options)
	if err != nil || again.Text() != result.Text() {
		t.Error(again, err)
	}
}

func TestLeavingAGeneration(t *testing.T) {
	stream, err := connect(t).GenerationStream(context.Background(), stratalens.Ask(count), &v1.GenerationOptions{IgnoreEndTokens: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range stream.Tokens() {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	stream.Close()
	if _, err := stream.Result(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
