package stratalens

import (
	"google.golang.org/protobuf/proto"

	v1 "stratalens.dev/go/stratalensv1"
)

// assembler puts the events of one stream together, and refuses every stream that is not complete and consistent:
// header, prompt chunks, targets and cells, trajectories, an attribution, an effect, summary. Progress may come between any two, and so may
// the events of the unchanged pass, which form a result of their own.
type assembler struct {
	request    *v1.AnalyzeRequest
	onProgress func(*v1.Progress)
	head       *headerReader
	body       *bodyAssembler
	effect     *Effect
	result     *Result
	// Of the pass without interventions; nil unless it was asked for.
	unchanged *assembler
	// Layers that are complete and were not given.
	ready []*Layer
}

func newAssembler(request *v1.AnalyzeRequest) *assembler {
	a := &assembler{request: request}
	if request.GetEffect().GetWithUnchangedResult() {
		unchanged := proto.CloneOf(request)
		unchanged.Interventions, unchanged.Effect = nil, nil
		a.unchanged = newAssembler(unchanged)
	}
	return a
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
	defer recoverBroken(&err)
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
	if event.Unchanged {
		require(a.unchanged != nil, "an unchanged result came, but none was asked for")
		a.unchanged.take(&v1.Event{Kind: event.Kind})
		return
	}
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
	case *v1.Event_InterventionEffect:
		require(a.request.Effect != nil, "an effect came, but none was asked for")
		require(a.effect == nil, "a second effect came")
		info := a.needBody("an effect").requireInfo("an effect")
		a.effect = readEffect(a.request.Effect, info, kind.InterventionEffect)
	case *v1.Event_Summary:
		a.takeSummary(kind.Summary)
	}
}

func (a *assembler) takeSummary(summary *v1.LensSummary) {
	body := a.needBody("the summary")
	result, missing := body.finish("the summary")
	a.head.summed(result, summary, missing)
	if len(a.head.header.AttributedParts) > 0 {
		result.Attribution = body.attribution.finish(body.info, summary.GetLargestAttributionDifference())
	}
	require((a.request.Effect != nil) == (a.effect != nil), "the effect of the interventions is missing")
	result.Effect = a.effect
	if a.unchanged != nil {
		require(a.unchanged.result != nil, "the unchanged result is not complete")
		result.Unchanged = a.unchanged.result
	}
	a.result = result
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
