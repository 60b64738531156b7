package stratalens

import (
	"context"
	"iter"

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
// as outcomes are taken, so a corpus of any size needs little memory. A request that fails is an outcome with an error, and the batch
// goes on. If the batch itself breaks, the outcomes so far are given, and the last element is an error that names the requests without
// one. Leaving the loop early, and the end of the context, cancel the work on the server.
//
// The source runs in a goroutine of its own, so outcomes arrive while it waits, and it may wait for one of them. A source that is waiting
// when the loop is left ends with the next request that it gives; one that might wait forever should end with the context.
func (c *Client) Batch(ctx context.Context, requests iter.Seq[*v1.AnalyzeRequest]) iter.Seq2[Outcome, error] {
	return func(yield func(Outcome, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		call, err := startBatch(ctx, c.Lens)
		if err != nil {
			yield(Outcome{}, err)
			return
		}
		go call.sendAll(ctx, requests)
		for {
			arrival := <-call.arrivals
			if arrival.panicked != nil {
				panic(arrival.panicked)
			}
			if arrival.end {
				if err := call.failure(arrival.err); err != nil {
					yield(Outcome{}, err)
				}
				return
			}
			if !yield(arrival.outcome, nil) {
				return
			}
			call.outcomeTaken()
		}
	}
}
