package stratalens

import (
	"slices"

	"google.golang.org/protobuf/proto"

	v1 "stratalens.dev/go/stratalensv1"
)

// generationAssembler puts the events of a generation together: the result of the prompt, then for each token its choice and its row.
// A row is read when the token after it is known, or that there is none: some of its numbers depend on that.
type generationAssembler struct {
	request    *v1.GenerateRequest
	onProgress func(*v1.Progress)
	head       *headerReader
	prompt     *bodyAssembler
	// Nil before the first token.
	text *growingText
	// Events of the row of the last token.
	row     []*v1.Event
	parts   []*Result
	missing int64
	tokens  []*GeneratedToken
	// How many of the tokens were given.
	given  int
	ended  *v1.GenerationSummary
	result *GenerationResult
}

// nextToken is the next token; nil if none is there.
func (a *generationAssembler) nextToken() *GeneratedToken {
	if a.given == len(a.tokens) {
		return nil
	}
	a.given++
	return a.tokens[a.given-1]
}

// add takes events.
func (a *generationAssembler) add(events []*v1.Event) (err error) {
	defer recoverBroken(&err)
	for _, event := range events {
		a.take(event)
	}
	return nil
}

// finish gives the result at the stream's end.
func (a *generationAssembler) finish() (*GenerationResult, error) {
	if a.result == nil {
		return nil, brokenStream("the stream of a generation ended without a summary").asError()
	}
	return a.result, nil
}

func (a *generationAssembler) take(event *v1.Event) {
	require(a.result == nil || event.Kind == nil, "%T came after the summary", event.Kind)
	switch kind := event.Kind.(type) {
	case *v1.Event_Progress:
		if a.onProgress != nil {
			a.onProgress(kind.Progress)
		}
	case *v1.Event_Header:
		require(a.head == nil, "a second header came")
		a.head = readHeader(a.request.Request, kind.Header)
		a.head.goesOn = true
	case *v1.Event_PromptChunk:
		require(a.head != nil, "a prompt chunk came before the header")
		a.head.add(kind.PromptChunk)
		if a.head.prompt.isComplete() {
			a.prompt = newBodyAssembler(a.head)
		}
	case *v1.Event_TargetChunk, *v1.Event_CellChunk, *v1.Event_TrajectoryChunk:
		require(a.prompt != nil, "%T came before all of the prompt", kind)
		if a.text == nil {
			addChunk(a.prompt, event, 0)
			return
		}
		require(a.ended == nil, "%T came after the end of the generation", kind)
		a.row = append(a.row, a.withoutTexts(event))
	case *v1.Event_GeneratedToken:
		a.takeToken(kind.GeneratedToken)
	case *v1.Event_GenerationSummary:
		a.end(kind.GenerationSummary)
	case *v1.Event_Summary:
		a.takeSummary(kind.Summary)
	}
}

func (a *generationAssembler) takeToken(wire *v1.GeneratedToken) {
	require(a.prompt != nil, "a token came before all of the prompt")
	require(a.ended == nil, "a token came after the end of the generation")
	a.head.vocabulary.add(wire.NewTokens)
	token := a.head.vocabulary.get(wire.Id)
	if a.text == nil {
		a.closePrompt(wire.Id)
	}
	index, position := len(a.tokens), len(a.text.tokens)
	require(int(wire.Position) == position, "expected a token at position %d, but one at %d came", position, wire.Position)
	forced := a.request.GetOptions().GetForced().GetIds()
	require(wire.Forced == (index < len(forced)) && (!wire.Forced || forced[index] == wire.Id),
		"token %d of the generation is %d, forced: %v; the forced tokens are %v", index, wire.Id, wire.Forced, forced)
	a.text.add(token, wire.Text)
	if index > 0 {
		a.closeRow(position - 1)
	}
	a.tokens = append(a.tokens, &GeneratedToken{
		Token: token, Position: position, LogProb: wire.LogProbability, SettledFrom: wire.SettledFrom, Forced: wire.Forced,
		Text: wire.Text, ChosenFrom: a.parts[len(a.parts)-1],
	})
}

// closePrompt takes the result of the prompt, with the id that was chosen after it.
func (a *generationAssembler) closePrompt(first int32) {
	a.keep(a.prompt, "a generated token")
	prompt := a.parts[0]
	last := len(prompt.Tokens) - 1
	at := slices.Index(prompt.Positions, last)
	require(at >= 0, "a token came, but the position from which it was chosen, %d, was not read", last)
	for _, target := range prompt.Targets {
		if target.Target.GetPositionTarget() == v1.PositionTarget_POSITION_TARGET_NEXT_TOKEN {
			require(target.IDs[at] == first, "the next token of the prompt was said to be %d, but token %d came", target.IDs[at], first)
		}
	}
	a.text = &growingText{tokens: slices.Clone(prompt.Tokens), text: prompt.Prompt, ofIDs: a.request.Request.GetPrompt().GetTokenIds() != nil}
}

// closeRow reads the row of the token at a position; all that it refers to has come.
func (a *generationAssembler) closeRow(position int) {
	row, before := newBodyAssembler(a.head.row(a.text.tokens, position)), 0
	for _, part := range a.parts {
		before += len(part.Positions)
	}
	for _, event := range a.row {
		addChunk(row, event, int32(before))
	}
	a.row = nil
	a.keep(row, "the token after a row")
}

func (a *generationAssembler) keep(body *bodyAssembler, what string) {
	part, missing := body.finish(what)
	a.parts = append(a.parts, part)
	a.missing += missing
}

func (a *generationAssembler) end(summary *v1.GenerationSummary) {
	require(a.ended == nil, "the generation ended twice")
	require(a.text != nil, "the generation ended before its first token")
	require(int(summary.TokenCount) == len(a.tokens),
		"the generation's summary counts %d tokens where %d came", summary.TokenCount, len(a.tokens))
	a.closeRow(len(a.text.tokens) - 1)
	a.ended = summary
}

func (a *generationAssembler) takeSummary(summary *v1.LensSummary) {
	require(a.ended != nil, "the summary came before the end of the generation")
	reading := joined(a.parts, a.text)
	a.head.summed(reading, summary, a.missing)
	a.result = &GenerationResult{Reading: reading, Tokens: a.tokens, StopReason: a.ended.StopReason, Seed: a.ended.Seed}
}

// withoutTexts takes the texts that come with a chunk, which later events may use before the chunk itself is read.
func (a *generationAssembler) withoutTexts(event *v1.Event) *v1.Event {
	event = proto.CloneOf(event)
	switch kind := event.Kind.(type) {
	case *v1.Event_TargetChunk:
		a.head.vocabulary.add(kind.TargetChunk.NewTokens)
		kind.TargetChunk.NewTokens = nil
	case *v1.Event_CellChunk:
		a.head.vocabulary.add(kind.CellChunk.NewTokens)
		kind.CellChunk.NewTokens = nil
	case *v1.Event_TrajectoryChunk:
		a.head.vocabulary.add(kind.TrajectoryChunk.NewTokens)
		kind.TrajectoryChunk.NewTokens = nil
	}
	return event
}

// addChunk takes a chunk whose positions are counted over the whole stream, of which some came before those of the part.
func addChunk(part *bodyAssembler, event *v1.Event, before int32) {
	switch kind := event.Kind.(type) {
	case *v1.Event_TargetChunk:
		kind.TargetChunk.FirstPosition -= before
		part.addTargets(kind.TargetChunk)
	case *v1.Event_CellChunk:
		kind.CellChunk.FirstPosition -= before
		part.addCells(kind.CellChunk)
	case *v1.Event_TrajectoryChunk:
		kind.TrajectoryChunk.Position -= before
		part.addTrajectories(kind.TrajectoryChunk)
	}
}
