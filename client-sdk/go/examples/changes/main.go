// Command changes looks for where a fact is recalled, and watches the model write: changes HOST:PORT PROMPT SOURCE WORD OTHER.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"google.golang.org/protobuf/proto"

	"stratalens.dev/go"
	v1 "stratalens.dev/go/stratalensv1"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 6 {
		log.Fatal("changes HOST:PORT PROMPT SOURCE WORD OTHER")
	}
	client, err := stratalens.Connect(os.Args[1], stratalens.Plaintext())
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	if err := trace(client, os.Args[2], os.Args[3], os.Args[4], os.Args[5]); err != nil {
		log.Fatal(err)
	}
	if err := watch(client, os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

// trace replaces the row of one layer and token at a time by that of the source prompt, and shows how far a word is ahead of another then.
func trace(client *stratalens.Client, prompt, source, word, other string) error {
	sweep, err := client.Sweep(context.Background(), &v1.SweepRequest{
		Prompt:       stratalens.Text(prompt),
		Intervention: stratalens.ReplaceFrom(stratalens.ChangedRows(stratalens.BlockOutput), stratalens.Text(source)),
		Metric:       stratalens.LogitDifference(stratalens.Word(word), stratalens.Word(other)),
	})
	if err != nil {
		return err
	}
	for _, layer := range sweep.Header.Layers {
		fmt.Printf("layer %2d", layer)
		for _, position := range sweep.Header.Positions {
			fmt.Printf(" %s %+.1f", sweep.Tokens[position].Display(), float64(sweep.At(int(layer), int(position)))-sweep.Header.Unchanged)
		}
		fmt.Println()
	}
	return nil
}

// watch shows each token as soon as the model chooses it, with the layer from which it stayed the best.
func watch(client *stratalens.Client, prompt string) error {
	stream, err := client.GenerationStream(context.Background(), stratalens.Ask(prompt), &v1.GenerationOptions{MaxTokens: proto.Int32(20)})
	if err != nil {
		return err
	}
	defer stream.Close()
	for token, err := range stream.Tokens() {
		if err != nil {
			return err
		}
		settled := "not settled"
		if token.SettledFrom != nil {
			settled = fmt.Sprintf("settled from layer %d", *token.SettledFrom)
		}
		fmt.Printf("%s: %s\n", token.Token.Display(), settled)
	}
	return nil
}
