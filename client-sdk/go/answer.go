package stratalens

import (
	"context"
	"errors"
	"io"
	"iter"
)

// answer reads the responses of a call to its result. By one goroutine; cancel may come from any.
type answer[Response, Result any] struct {
	call   interface{ Recv() (*Response, error) }
	cancel context.CancelFunc
	take   func(*Response) error
	finish func() (*Result, error)

	result  *Result
	failure error
}

// read takes a response, or the end.
func (a *answer[Response, Result]) read() error {
	if a.failure != nil {
		return a.failure
	}
	response, err := a.call.Recv()
	switch {
	case err == nil:
		err = a.take(response)
	case errors.Is(err, io.EOF):
		a.result, err = a.finish()
	default:
		err = failureOf(err)
	}
	if err != nil {
		a.failure = err
		a.cancel()
	}
	return err
}

// complete reads what is left.
func (a *answer[Response, Result]) complete() (*Result, error) {
	for a.result == nil {
		if err := a.read(); err != nil {
			return nil, err
		}
	}
	return a.result, nil
}

// itemsOf gives what next has, each as soon as it is there, until the answer is complete.
func itemsOf[Response, Result, Item any](a *answer[Response, Result], next func() *Item) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		for {
			item := next()
			for item == nil && a.result == nil {
				if err := a.read(); err != nil {
					yield(nil, err)
					return
				}
				item = next()
			}
			if item == nil || !yield(item, nil) {
				return
			}
		}
	}
}
