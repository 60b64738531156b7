package stratalens

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"google.golang.org/grpc"

	v1 "stratalens.dev/go/stratalensv1"
)

// Requests that may be in flight, unless the server works on more at a time.
const leastInFlight = 16

// batchCall is one call of AnalyzeBatch. Results are put together in the background as they come, so that a slow user is no slow reader
// of the server's, and sending never waits for the user.
type batchCall struct {
	call grpc.BidiStreamingClient[v1.AnalyzeBatchRequest, v1.AnalyzeBatchResponse]
	// Requests that may be sent and whose outcome was not taken.
	inFlight int
	// Has room for every outcome in flight and the end, so that receiving never waits.
	arrivals chan arrival

	lock    sync.Mutex
	pending map[int64]*assembler
}

// arrival is an outcome, or the end of the call with its failure.
type arrival struct {
	outcome Outcome
	end     bool
	err     error
}

// startBatch starts a call and waits until the server says how many prompts it works on at a time.
func startBatch(ctx context.Context, lens v1.LensServiceClient) (*batchCall, error) {
	call, err := lens.AnalyzeBatch(ctx)
	if err != nil {
		return nil, failureOf(err)
	}
	first, err := call.Recv()
	if errors.Is(err, io.EOF) {
		return nil, brokenStream("the batch ended before it started").asError()
	}
	if err != nil {
		return nil, failureOf(err)
	}
	window := int(first.GetStarted().GetWindow())
	if window < 1 {
		return nil, brokenStream("the first message of the batch does not say that it has started").asError()
	}
	b := &batchCall{call: call, inFlight: max(leastInFlight, window), pending: map[int64]*assembler{}}
	b.arrivals = make(chan arrival, b.inFlight+1)
	go b.receive()
	return b, nil
}

func (b *batchCall) send(tag int64, request *v1.AnalyzeRequest) error {
	b.lock.Lock()
	b.pending[tag] = newAssembler(request)
	b.lock.Unlock()
	prompt := &v1.BatchPrompt{Tag: tag, Request: request}
	return sendingFailure(b.call.Send(&v1.AnalyzeBatchRequest{Kind: &v1.AnalyzeBatchRequest_Prompt{Prompt: prompt}}))
}

func (b *batchCall) endRequests() error {
	return sendingFailure(b.call.CloseSend())
}

// sendingFailure leaves io.EOF out: the call has ended, and the receiver says why.
func sendingFailure(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return failureOf(err)
}

// unanswered are the requests that were sent and have no outcome.
func (b *batchCall) unanswered() []int64 {
	b.lock.Lock()
	defer b.lock.Unlock()
	return slices.Sorted(maps.Keys(b.pending))
}

// receive takes all responses.
func (b *batchCall) receive() {
	for {
		response, err := b.call.Recv()
		if errors.Is(err, io.EOF) {
			b.arrivals <- arrival{end: true}
			return
		}
		if err != nil {
			err = failureOf(err)
		} else {
			err = b.take(response)
		}
		if err != nil {
			b.arrivals <- arrival{end: true, err: err}
			return
		}
	}
}

func (b *batchCall) take(response *v1.AnalyzeBatchResponse) error {
	switch kind := response.Kind.(type) {
	case *v1.AnalyzeBatchResponse_Started:
		return brokenStream("the server said twice that the batch has started").asError()
	case *v1.AnalyzeBatchResponse_Events:
		return b.takeEvents(kind.Events)
	case *v1.AnalyzeBatchResponse_Error:
		return b.takeFailure(kind.Error)
	}
	return nil
}

func (b *batchCall) takeEvents(events *v1.BatchEvents) error {
	assembler, err := b.assemblerOf(events.Tag)
	if err != nil {
		return err
	}
	if err := assembler.add(events.Events); err != nil {
		return err
	}
	if assembler.result != nil {
		b.answer(events.Tag, Outcome{Request: assembler.request, Result: assembler.result})
	}
	return nil
}

func (b *batchCall) takeFailure(failure *v1.BatchError) error {
	assembler, err := b.assemblerOf(failure.Tag)
	if err != nil {
		return err
	}
	if failure.Status.GetCode() == 0 {
		return brokenStream(fmt.Sprintf("an error of tag %d has the code OK", failure.Tag)).asError()
	}
	b.answer(failure.Tag, Outcome{Request: assembler.request, Err: readStatus(failure.Status)})
	return nil
}

func (b *batchCall) assemblerOf(tag int64) (*assembler, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	assembler := b.pending[tag]
	if assembler == nil {
		message := fmt.Sprintf("an event came for tag %d, which is not of this batch or was answered before", tag)
		return nil, brokenStream(message).asError()
	}
	return assembler, nil
}

func (b *batchCall) answer(tag int64, outcome Outcome) {
	b.lock.Lock()
	delete(b.pending, tag)
	b.lock.Unlock()
	outcome.Index = int(tag)
	b.arrivals <- arrival{outcome: outcome}
}
