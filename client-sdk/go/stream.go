package stratalens

import (
	"context"
	"errors"
	"io"
	"iter"

	"google.golang.org/grpc"

	v1 "stratalens.dev/go/stratalensv1"
)

// Stream gives the layers of one result as they come. One goroutine reads it. A reader that stops reading stops the server; one that
// stops for too long gets CodeReaderTooSlow.
type Stream struct {
	call      grpc.ServerStreamingClient[v1.AnalyzeResponse]
	cancel    context.CancelFunc
	assembler *assembler
	result    *Result
	failure   error
}

// Stream sends a request. The end of the context, and Close, cancel the work on the server.
func (c *Client) Stream(ctx context.Context, request *v1.AnalyzeRequest) (*Stream, error) {
	ctx, cancel := context.WithCancel(ctx)
	call, err := c.Lens.Analyze(ctx, request)
	if err != nil {
		cancel()
		return nil, failureOf(err)
	}
	return &Stream{call: call, cancel: cancel, assembler: newAssembler(request)}, nil
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
	return func(yield func(*Layer, error) bool) {
		for {
			layer := s.assembler.nextLayer()
			for layer == nil && s.result == nil {
				if err := s.read(); err != nil {
					yield(nil, err)
					return
				}
				layer = s.assembler.nextLayer()
			}
			if layer == nil || !yield(layer, nil) {
				return
			}
		}
	}
}

// Result is the complete result; reads what is left of the stream.
func (s *Stream) Result() (*Result, error) {
	for s.result == nil {
		if err := s.read(); err != nil {
			return nil, err
		}
	}
	return s.result, nil
}

// Close cancels the call if it has not ended.
func (s *Stream) Close() {
	s.cancel()
}

// read takes a response, or the end.
func (s *Stream) read() error {
	if s.failure != nil {
		return s.failure
	}
	response, err := s.call.Recv()
	switch {
	case err == nil:
		err = s.assembler.add(response.Events)
	case errors.Is(err, io.EOF):
		s.result, err = s.assembler.finish()
	default:
		err = failureOf(err)
	}
	if err != nil {
		s.failure = err
		s.cancel()
	}
	return err
}
