package stratalens

import (
	"context"
	"iter"
	"strings"

	v1 "stratalens.dev/go/stratalensv1"
)

// GenerationResult is a complete generation.
type GenerationResult struct {
	// Reading is what the lenses read over prompt and generated tokens: as an analysis of both as one prompt.
	Reading *Result
	// Tokens are the generated tokens, one or more.
	Tokens []*GeneratedToken
	// StopReason says why it ended.
	StopReason v1.StopReason
	// Seed is that of the random numbers; nil if the best token was always taken.
	Seed *uint64
}

// GeneratedToken is a token that was chosen for the position after the last one.
type GeneratedToken struct {
	Token Token
	// Position is its index, from the first token of the prompt.
	Position int
	// LogProb is the log-probability that the model gave it, in nats, before temperature and cuts.
	LogProb float32
	// SettledFrom is the first asked block from which on the first lens had it as its best at every block, at the position before; nil
	// if it did not at the last.
	SettledFrom *int32
	// Forced says that the request gave it.
	Forced bool
	// Text is what it completes: empty if it ends in the middle of a character, and for a token that ends the generation.
	Text string
	// ChosenFrom is what the lenses read where it was chosen: for the first token over the positions of the prompt, for a later one at
	// the position of the token before it. Without a summary.
	ChosenFrom *Result
}

// Text is the generated text.
func (r *GenerationResult) Text() string {
	var text strings.Builder
	for _, token := range r.Tokens {
		text.WriteString(token.Text)
	}
	return text.String()
}

// Generate generates text, reads each new token as the model makes it, and waits for the end. The request is the prompt and what is
// read, options say how tokens are chosen; nil = always the best one, at most 64. The end of the context cancels the work on the server.
func (c *Client) Generate(ctx context.Context, request *v1.AnalyzeRequest, options *v1.GenerationOptions) (*GenerationResult, error) {
	stream, err := c.GenerationStream(ctx, request, options)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	return stream.Result()
}

// GenerationStream gives the tokens of one generation as they come. One goroutine reads it.
type GenerationStream struct {
	answer[v1.GenerateResponse, GenerationResult]
	assembler *generationAssembler
}

// GenerationStream starts a generation. The end of the context, and Close, cancel the work on the server.
func (c *Client) GenerationStream(
	ctx context.Context, request *v1.AnalyzeRequest, options *v1.GenerationOptions) (*GenerationStream, error) {
	ctx, cancel := context.WithCancel(ctx)
	message := &v1.GenerateRequest{Request: request, Options: options}
	call, err := c.Lens.Generate(ctx, message)
	if err != nil {
		cancel()
		return nil, failureOf(err)
	}
	assembler := &generationAssembler{request: message}
	take := func(response *v1.GenerateResponse) error { return assembler.add(response.Events) }
	read := answer[v1.GenerateResponse, GenerationResult]{call: call, cancel: cancel, take: take, finish: assembler.finish}
	return &GenerationStream{read, assembler}, nil
}

// OnProgress sets who is told of the state of the work, while the stream is read.
func (s *GenerationStream) OnProgress(listener func(*v1.Progress)) *GenerationStream {
	s.assembler.onProgress = listener
	return s
}

// Tokens gives the tokens, each as soon as it is chosen. The loop ends without an error only after a complete answer. Leaving it early
// does not cancel the call: Close does.
func (s *GenerationStream) Tokens() iter.Seq2[*GeneratedToken, error] {
	return itemsOf(&s.answer, s.assembler.nextToken)
}

// Result is the complete result; reads what is left of the stream.
func (s *GenerationStream) Result() (*GenerationResult, error) {
	return s.complete()
}

// Close cancels the call if it has not ended.
func (s *GenerationStream) Close() {
	s.cancel()
}
