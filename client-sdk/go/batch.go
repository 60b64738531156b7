package stratalens

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"google.golang.org/protobuf/proto"

	v1 "stratalens.dev/go/stratalensv1"
)

// Outcome is the answer to one request of a batch: a result or an error.
type Outcome struct {
	// Index is the place of the request in its source.
	Index   int
	Request *v1.AnalyzeRequest
	Result  *Result
	Err     error
}

// Batch sends many requests over one call and gives their outcomes as they complete, in any order. Requests are pulled from their source
// as outcomes are taken, so a corpus of any size needs little memory; a source that waits holds up the outcomes. A request that fails is an outcome with an error, and the batch
// goes on. If the batch itself breaks, the outcomes so far are given, and the last element is an error that names the requests without
// one. Leaving the loop early, and the end of the context, cancel the work on the server.
func (c *Client) Batch(ctx context.Context, requests iter.Seq[*v1.AnalyzeRequest]) iter.Seq2[Outcome, error] {
	return func(yield func(Outcome, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		next, stop := iter.Pull(requests)
		defer stop()
		call, err := startBatch(ctx, c.Lens)
		if err != nil {
			yield(Outcome{}, err)
			return
		}
		window := batchWindow{call: call, next: next}
		for {
			outcome, err := window.take()
			if err != nil {
				yield(Outcome{}, window.broken(err))
				return
			}
			if outcome == nil || !yield(*outcome, nil) {
				return
			}
		}
	}
}

// batchWindow is the part of a source of requests that was pulled and whose outcomes were not taken.
type batchWindow struct {
	call      *batchCall
	next      func() (*v1.AnalyzeRequest, bool)
	exhausted bool
	pulled    int64
	taken     int64
}

// take gives the next outcome; nil after the last one.
func (w *batchWindow) take() (*Outcome, error) {
	for !w.exhausted && w.pulled-w.taken < int64(w.call.inFlight) {
		request, more := w.next()
		if !more {
			w.exhausted = true
			if err := w.call.endRequests(); err != nil {
				return nil, err
			}
			break
		}
		tag := w.pulled
		w.pulled++
		// gRPC would end the call with it.
		if _, err := proto.Marshal(request); err != nil {
			w.taken++
			return &Outcome{Index: int(tag), Request: request, Err: cannotBeSent(strings.TrimPrefix(err.Error(), "proto: "))}, nil
		}
		if err := w.call.send(tag, request); err != nil {
			return nil, err
		}
	}
	arrival := <-w.call.arrivals
	if arrival.end {
		if arrival.err == nil && (!w.exhausted || w.taken < w.pulled) {
			return nil, brokenStream("the server ended the batch early").asError()
		}
		return nil, arrival.err
	}
	w.taken++
	return &arrival.outcome, nil
}

// broken says which requests have no outcome.
func (w *batchWindow) broken(err error) error {
	var failure *Error
	if !errors.As(err, &failure) {
		return err
	}
	told := *failure
	var words []string
	if unanswered := w.call.unanswered(); len(unanswered) > 0 {
		words = append(words, "No result for the requests with index "+strings.Trim(strings.ReplaceAll(fmt.Sprint(unanswered), " ", ", "), "[]"))
	}
	if !w.exhausted {
		words = append(words, fmt.Sprintf("those from index %d on were not sent", w.pulled))
	}
	if len(words) > 0 {
		said := strings.Join(words, "; ")
		told.Message += " " + strings.ToUpper(said[:1]) + said[1:] + "."
	}
	return &told
}
