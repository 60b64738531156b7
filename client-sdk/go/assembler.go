package stratalens

import v1 "stratalens.dev/go/stratalensv1"

// assembler puts the events of one stream together, and refuses every stream that is not complete and consistent:
// header, prompt chunks, targets and cells, trajectories, an attribution, summary. Progress may come between any two.
type assembler struct {
	request    *v1.AnalyzeRequest
	onProgress func(*v1.Progress)
	head       *headerReader
	body       *bodyAssembler
	result     *Result
	// Layers that are complete and were not given.
	ready []*Layer
}

// info is what is known before the first layer; nil until all targets came.
func (a *assembler) info() *Info {
	if a.body == nil {
		return nil
	}
	return a.body.info
}

// nextLayer is the next layer that is complete; nil if none is, or if what is known before the first one has not all come.
func (a *assembler) nextLayer() *Layer {
	info := a.info()
	if info == nil || len(a.ready) == 0 {
		return nil
	}
	layer := a.ready[0]
	a.ready = a.ready[1:]
	layer.Info = info
	return layer
}

// add takes events.
func (a *assembler) add(events []*v1.Event) (err error) {
	defer func() {
		switch broken := recover().(type) {
		case nil:
		case brokenStream:
			err = broken.asError()
		default:
			panic(broken)
		}
	}()
	for _, event := range events {
		a.take(event)
	}
	return nil
}

// finish gives the result at the stream's end.
func (a *assembler) finish() (*Result, error) {
	if a.result == nil {
		return nil, brokenStream("the stream ended without a summary; last seen: " + a.state()).asError()
	}
	return a.result, nil
}

func (a *assembler) take(event *v1.Event) {
	require(a.result == nil || event.Kind == nil, "%T came after the summary", event.Kind)
	switch kind := event.Kind.(type) {
	case *v1.Event_Progress:
		if a.onProgress != nil {
			a.onProgress(kind.Progress)
		}
	case *v1.Event_Header:
		require(a.head == nil, "a second header came")
		a.head = readHeader(a.request, kind.Header)
	case *v1.Event_PromptChunk:
		a.takePrompt(kind.PromptChunk)
	case *v1.Event_TargetChunk:
		a.needBody("targets").addTargets(kind.TargetChunk)
	case *v1.Event_CellChunk:
		if layer := a.needBody("a layer").addCells(kind.CellChunk); layer != nil {
			a.ready = append(a.ready, layer)
		}
	case *v1.Event_TrajectoryChunk:
		a.needBody("a trajectory").addTrajectories(kind.TrajectoryChunk)
	case *v1.Event_AttributionChunk:
		a.needBody("an attribution").attributed().addShares(kind.AttributionChunk)
	case *v1.Event_AttributedLogitsChunk:
		a.needBody("an attribution").attributed().addLogits(kind.AttributedLogitsChunk)
	case *v1.Event_Summary:
		body := a.needBody("the summary")
		a.result = body.finish(kind.Summary)
		for _, layer := range a.ready {
			layer.Info = body.info
		}
	}
}

func (a *assembler) takePrompt(chunk *v1.PromptChunk) {
	require(a.head != nil, "a prompt chunk came before the header")
	a.head.add(chunk)
	if a.head.prompt.isComplete() {
		a.body = newBodyAssembler(a.head)
	}
}

func (a *assembler) needBody(what string) *bodyAssembler {
	if a.body == nil {
		before := "all of the prompt"
		if a.head == nil {
			before = "the header"
		}
		refuse("%s came before %s", what, before)
	}
	return a.body
}

func (a *assembler) state() string {
	switch {
	case a.head == nil:
		return "nothing"
	case a.body == nil:
		return "the header"
	default:
		return a.body.state()
	}
}
