package stratalens

import (
	"slices"

	"google.golang.org/protobuf/proto"

	v1 "stratalens.dev/go/stratalensv1"
)

// headerReader checks a stream's header and prompt against the request. All that comes after them is checked against what the
// header promises.
type headerReader struct {
	request    *v1.AnalyzeRequest
	header     *v1.LensHeader
	vocabulary *vocabulary
	prompt     *promptReader
	points     []ReadPoint
	// Read points that each lens has, as ascending indices.
	covered [][]int
	columns []column
	// Whether a token follows the last one that the model has yet to choose.
	goesOn bool
}

// column is a requested statistic with its description.
type column struct {
	statistic   v1.Statistic
	description *v1.ColumnDescription
}

func readHeader(request *v1.AnalyzeRequest, header *v1.LensHeader) *headerReader {
	r := &headerReader{request: request, header: header}
	r.checkEcho()
	r.points = r.readPoints()
	r.covered = r.readCovered()
	for _, statistic := range header.Statistics {
		description := Describe(statistic)
		require(description != nil, "the header lists the statistic %d, which was not asked for", statistic)
		r.columns = append(r.columns, column{statistic, description})
	}
	model := header.GetModel()
	r.vocabulary = newVocabulary(model.GetTokenSpelling(), model.GetVocabularySize())
	r.vocabulary.add(header.NewTokens)
	require(header.TokenCount >= 1, "the header says that the prompt has %d tokens", header.TokenCount)
	r.prompt = &promptReader{count: int(header.TokenCount), vocabulary: r.vocabulary}
	return r
}

// row is the same header for one row of a text that goes on after the prompt, up to the token after the row's, if there is one.
func (r *headerReader) row(tokens []PromptToken, position int) *headerReader {
	row := *r
	row.goesOn = false
	row.prompt = &promptReader{count: len(tokens), vocabulary: r.vocabulary, tokens: slices.Clone(tokens), positions: []int{position}}
	return &row
}

// hasNext says whether a token follows a position of the stream.
func (r *headerReader) hasNext(position int) bool {
	return r.goesOn || position < len(r.prompt.tokens)-1
}

// next is the token after a position of the stream; noToken if there is none, or if it is yet to be chosen.
func (r *headerReader) next(position int) int32 {
	if position >= len(r.prompt.tokens)-1 {
		return noToken
	}
	return int32(r.prompt.tokens[position+1].ID)
}

func (r *headerReader) add(chunk *v1.PromptChunk) {
	r.prompt.add(chunk)
	if r.prompt.isComplete() {
		r.checkPrompt()
	}
}

func (r *headerReader) positions() []int {
	return r.prompt.positions
}

func (r *headerReader) targetCount() int {
	return len(r.header.Targets)
}

func (r *headerReader) topK() int {
	return int(r.header.TopK)
}

func (r *headerReader) mayBeCompact() bool {
	return r.header.NumberForm == v1.NumberForm_NUMBER_FORM_COMPACT
}

// text is what the model reads; empty where ids were sent.
func (r *headerReader) text() string {
	if r.header.RenderedChat != nil {
		return r.header.GetRenderedChat() + r.prompt.rendered
	}
	return r.request.GetPrompt().GetText()
}

// checkEcho compares the header with what was asked for.
func (r *headerReader) checkEcho() {
	asked, header := r.request, r.header
	requireEcho("predictions per cell", topKOf(asked), header.TopK)
	requireEcho("attribution", asked.Attribution != nil, len(header.AttributedParts) > 0)
	requireEcho("trajectories", asked.Trajectories != nil, header.HasTrajectories)
	requireEcho("number form", numberFormOf(asked), header.NumberForm)
	require(proto.Equal(asked.Candidates, header.Candidates), "candidates: asked for %v, the header says %v", asked.Candidates, header.Candidates)
	requireEcho("request id", asked.RequestId, header.RequestId)
	statistics, answered := slices.Sorted(slices.Values(asked.Statistics)), slices.Sorted(slices.Values(header.Statistics))
	require(slices.Equal(statistics, answered), "statistics: asked for %v, the header says %v", statistics, answered)
	lenses := lensesOf(asked)
	require(slices.EqualFunc(lenses, header.Lenses, func(one, other *v1.Lens) bool { return proto.Equal(one, other) }),
		"lenses: asked for %v, the header says %v", lenses, header.Lenses)
	require(slices.EqualFunc(asked.Targets, header.Targets,
		func(target *v1.Target, description *v1.TargetDescription) bool {
			return proto.Equal(target, description.Target)
		}),
		"targets: asked for %v, the header says %v", asked.Targets, header.Targets)
}

func requireEcho[T comparable](what string, asked, answered T) {
	require(asked == answered, "%s: asked for %v, the header says %v", what, asked, answered)
}

func (r *headerReader) readPoints() []ReadPoint {
	blocks := int(r.header.GetModel().GetBlockCount())
	var points []ReadPoint
	for _, wire := range r.header.ReadPoints {
		require(slices.Contains(sitesOf(r.request), wire.Site), "a read point is at the site %v, which was not asked for", wire.Site)
		point := ReadPoint{Block: int(wire.Block), Site: wire.Site}
		ascends := len(points) == 0 || points[len(points)-1].Compare(point) < 0
		require(ascends && point.Block >= 0 && point.Block < blocks,
			"the header's read points are not ascending within %d blocks: %v after %v", blocks, point, points)
		points = append(points, point)
	}
	require(len(points) > 0, "the header lists no read points")
	require(!slices.Contains(sitesOf(r.request), Embedding) || points[0].Site == Embedding,
		"the embedding was asked for, but the read points are %v", points)
	return points
}

func (r *headerReader) readCovered() [][]int {
	lenses, readings := len(lensesOf(r.request)), r.header.Readings
	require(len(readings) == 0 || len(readings) == lenses, "the header says what %d of %d lenses read", len(readings), lenses)
	covered := make([][]int, lenses)
	for lens := range covered {
		if len(readings) == 0 {
			covered[lens] = make([]int, len(r.points))
			for i := range r.points {
				covered[lens][i] = i
			}
			continue
		}
		for _, index := range readings[lens].ReadPoints {
			ascends := len(covered[lens]) == 0 || covered[lens][len(covered[lens])-1] < int(index)
			require(ascends && index >= 0 && int(index) < len(r.points),
				"the read points of a lens are not ascending within %d: %v", len(r.points), readings[lens].ReadPoints)
			covered[lens] = append(covered[lens], int(index))
		}
		require(len(covered[lens]) > 0, "a lens has no read points")
	}
	return covered
}

func (r *headerReader) checkPrompt() {
	positions := len(r.positions())
	require(positions == int(r.header.PositionCount) && positions > 0,
		"the header promised %d positions, the prompt came with %d", r.header.PositionCount, positions)
	if sent := r.request.GetPrompt().GetTokenIds(); sent != nil {
		same := slices.EqualFunc(sent.Ids, r.prompt.tokens, func(id int32, token PromptToken) bool { return int(id) == token.ID })
		require(same, "the prompt's tokens are not the ids that were sent")
	}
	if isChat := r.request.GetPrompt().GetChat() != nil; isChat != (r.header.RenderedChat != nil) {
		problem := "came, but none was sent"
		if isChat {
			problem = "is missing"
		}
		refuse("a rendered chat %s", problem)
	}
}

// What a request asks where it leaves fields out.

func topKOf(request *v1.AnalyzeRequest) int32 {
	if request.TopK == nil {
		return defaultTopK
	}
	return request.GetTopK()
}

func numberFormOf(request *v1.AnalyzeRequest) v1.NumberForm {
	if request.NumberForm == v1.NumberForm_NUMBER_FORM_UNSPECIFIED {
		return v1.NumberForm_NUMBER_FORM_COMPACT
	}
	return request.NumberForm
}

func lensesOf(request *v1.AnalyzeRequest) []*v1.Lens {
	if len(request.Lenses) == 0 {
		return []*v1.Lens{LogitLens()}
	}
	return request.Lenses
}

func sitesOf(request *v1.AnalyzeRequest) []v1.Site {
	if request.AllSites {
		return []v1.Site{Embedding, AttentionOutput, AttentionResidual, FeedForwardOutput, BlockOutput}
	}
	if len(request.Sites) == 0 {
		return []v1.Site{BlockOutput}
	}
	return request.Sites
}
