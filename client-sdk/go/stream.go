package stratalens

import (
	"context"
	"iter"

	v1 "stratalens.dev/go/stratalensv1"
)

// Stream gives the layers of one result as they come. One goroutine reads it. A reader that stops reading stops the server; one that
// stops for too long gets CodeReaderTooSlow.
type Stream struct {
	answer[v1.AnalyzeResponse, Result]
	assembler *assembler
}

// Stream sends a request. The end of the context, and Close, cancel the work on the server.
func (c *Client) Stream(ctx context.Context, request *v1.AnalyzeRequest) (*Stream, error) {
	ctx, cancel := context.WithCancel(ctx)
	call, err := c.Lens.Analyze(ctx, request)
	if err != nil {
		cancel()
		return nil, failureOf(err)
	}
	assembler := newAssembler(request)
	take := func(response *v1.AnalyzeResponse) error { return assembler.add(response.Events) }
	return &Stream{answer[v1.AnalyzeResponse, Result]{call: call, cancel: cancel, take: take, finish: assembler.finish}, assembler}, nil
}

// OnProgress sets who is told of the state of the work, while the stream is read.
func (s *Stream) OnProgress(listener func(*v1.Progress)) *Stream {
	s.assembler.onProgress = listener
	return s
}

// Info is what is known before the first layer; waits for it.
func (s *Stream) Info() (*Info, error) {
	for s.assembler.info() == nil {
		if err := s.read(); err != nil {
			return nil, err
		}
	}
	return s.assembler.info(), nil
}

// Layers gives the layers of each lens, ascending, each as soon as it is complete; those of several lenses in any order. The loop ends
// without an error only after a complete answer. Leaving it early does not cancel the call: Close does.
func (s *Stream) Layers() iter.Seq2[*Layer, error] {
	return itemsOf(&s.answer, s.assembler.nextLayer)
}

// Result is the complete result; reads what is left of the stream.
func (s *Stream) Result() (*Result, error) {
	return s.complete()
}

// Close cancels the call if it has not ended.
func (s *Stream) Close() {
	s.cancel()
}
