package stratalens

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	v1 "stratalens.dev/go/stratalensv1"
)

// Requests that may be in flight, unless the server works on more at a time.
const leastInFlight = 16

// batchCall is one call of AnalyzeBatch. Requests are sent and results put together in the background, so that neither a slow user nor a
// source that waits is a slow reader of the server's, and sending never waits for the user.
type batchCall struct {
	call grpc.BidiStreamingClient[v1.AnalyzeBatchRequest, v1.AnalyzeBatchResponse]
	// Has an element for each request that was pulled, or is about to be, and whose outcome was not taken.
	inFlight chan struct{}
	// Has room for every outcome in flight, and for the ends of both directions, so that nothing waits for a user who left.
	arrivals chan arrival

	lock      sync.Mutex
	pulled    int64
	exhausted bool
	pending   map[int64]*assembler
}

// arrival is an outcome, or the end of the call with its failure, or a panic of the source.
type arrival struct {
	outcome  Outcome
	end      bool
	err      error
	panicked any
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
	inFlight := max(leastInFlight, window)
	b := &batchCall{
		call:     call,
		inFlight: make(chan struct{}, inFlight),
		arrivals: make(chan arrival, inFlight+2),
		pending:  map[int64]*assembler{},
	}
	go b.receive()
	return b, nil
}

// sendAll pulls and sends requests, each once there is room for it, until the source or the batch ends.
func (b *batchCall) sendAll(ctx context.Context, requests iter.Seq[*v1.AnalyzeRequest]) {
	// The user can recover from a panic only in the goroutine of the loop.
	defer func() {
		if panicked := recover(); panicked != nil {
			b.arrivals <- arrival{panicked: panicked}
		}
	}()
	if !b.awaitRoom(ctx) {
		return
	}
	for request := range requests {
		if ctx.Err() != nil || !b.send(request) || !b.awaitRoom(ctx) {
			return
		}
	}
	b.lock.Lock()
	b.exhausted = true
	b.lock.Unlock()
	b.told(b.call.CloseSend())
}

// awaitRoom returns whether another request may be pulled: false once the user has left or the batch has ended.
func (b *batchCall) awaitRoom(ctx context.Context) bool {
	select {
	case b.inFlight <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (b *batchCall) outcomeTaken() {
	<-b.inFlight
}

// send returns whether more can be sent.
func (b *batchCall) send(request *v1.AnalyzeRequest) bool {
	b.lock.Lock()
	tag := b.pulled
	b.pulled++
	b.pending[tag] = newAssembler(request)
	b.lock.Unlock()
	// gRPC would end the call with it.
	if _, err := proto.Marshal(request); err != nil {
		b.answer(tag, Outcome{Request: request, Err: cannotBeSent(strings.TrimPrefix(err.Error(), "proto: "))})
		return true
	}
	prompt := &v1.BatchPrompt{Tag: tag, Request: request}
	return b.told(b.call.Send(&v1.AnalyzeBatchRequest{Kind: &v1.AnalyzeBatchRequest_Prompt{Prompt: prompt}}))
}

// told tells of a failure to send, and returns whether there was none.
func (b *batchCall) told(err error) bool {
	// With io.EOF the call has ended, and the receiver says why.
	if err != nil && !errors.Is(err, io.EOF) {
		b.arrivals <- arrival{end: true, err: failureOf(err)}
	}
	return err == nil
}

// failure says why a batch that has ended is not complete, and which requests have no outcome; nil if it is.
func (b *batchCall) failure(err error) error {
	b.lock.Lock()
	defer b.lock.Unlock()
	unanswered := slices.Sorted(maps.Keys(b.pending))
	if err == nil {
		if b.exhausted && len(unanswered) == 0 {
			return nil
		}
		err = brokenStream("the server ended the batch early").asError()
	}
	var failure *Error
	if !errors.As(err, &failure) {
		return err
	}
	told := *failure
	var words []string
	if len(unanswered) > 0 {
		words = append(words, "No result for the requests with index "+strings.Trim(strings.ReplaceAll(fmt.Sprint(unanswered), " ", ", "), "[]"))
	}
	if !b.exhausted {
		words = append(words, fmt.Sprintf("those from index %d on were not sent", b.pulled))
	}
	if len(words) > 0 {
		said := strings.Join(words, "; ")
		told.Message += " " + strings.ToUpper(said[:1]) + said[1:] + "."
	}
	return &told
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
