// Heatmap prints the best token of each layer at each position, on a color that says how probable it is:
// go run ./examples/heatmap HOST:PORT PROMPT
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"stratalens.dev/go"
)

// Dark blue to yellow, of the 256 colors of terminals.
var colors = []int{17, 24, 30, 72, 113, 185, 227}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: heatmap HOST:PORT PROMPT")
		os.Exit(2)
	}
	// Ctrl-C cancels the work on the server, too.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := show(ctx, os.Args[1], os.Args[2], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func show(ctx context.Context, address, prompt string, out io.Writer) error {
	client, err := stratalens.Connect(address, stratalens.Plaintext())
	if err != nil {
		return err
	}
	defer client.Close()
	stream, err := client.Stream(ctx, stratalens.Ask(prompt, stratalens.TopK(1), stratalens.WithoutTrajectories()))
	if err != nil {
		return err
	}
	defer stream.Close()
	info, err := stream.Info()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%8s", "")
	for _, position := range info.Positions {
		fmt.Fprint(out, cell(info.Tokens[position].Display()))
	}
	fmt.Fprintln(out)
	for layer, err := range stream.Layers() { // each as soon as it is there
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "layer %2d", layer.Number())
		for _, position := range info.Positions {
			best := layer.Top(position)[0]
			fmt.Fprint(out, painted(cell(best.Token.Display()), best.Probability()))
		}
		fmt.Fprintln(out)
	}
	return nil
}

// cell cuts or fills a text to ten characters, with a space on both sides.
func cell(text string) string {
	characters := []rune(text)
	if len(characters) > 10 {
		characters = append(characters[:9], '…')
	}
	return " " + string(characters) + strings.Repeat(" ", 11-len(characters))
}

func painted(text string, probability float64) string {
	color := colors[min(int(probability*float64(len(colors))), len(colors)-1)]
	ink := 231
	if color >= 72 {
		ink = 16
	}
	return fmt.Sprintf("\x1b[38;5;%d;48;5;%dm%s\x1b[0m", ink, color, text)
}
