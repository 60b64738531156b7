package stratalens

import v1 "stratalens.dev/go/stratalensv1"

// promptReader puts the chunks of a prompt together: its tokens, and which of them are positions of the stream.
type promptReader struct {
	count      int
	vocabulary *vocabulary
	tokens     []PromptToken
	positions  []int
	rendered   string
}

func (r *promptReader) isComplete() bool {
	return len(r.tokens) == r.count
}

func (r *promptReader) add(chunk *v1.PromptChunk) {
	require(!r.isComplete(), "a prompt chunk came after the last token")
	first := len(r.tokens)
	r.addTokens(chunk)
	for _, indexes := range chunk.Positions {
		r.addPositions(indexes, first)
	}
	r.rendered += chunk.GetRenderedChat()
}

func (r *promptReader) addTokens(chunk *v1.PromptChunk) {
	count, starts, ends := len(chunk.TokenIds), len(chunk.TokenStarts), len(chunk.TokenEnds)
	require(int(chunk.FirstToken) == len(r.tokens),
		"expected the prompt from token %d, but token %d came", len(r.tokens), chunk.FirstToken)
	require((count > 0 || r.count == 0) && count <= r.count-len(r.tokens),
		"a prompt chunk has %d tokens where %d are left", count, r.count-len(r.tokens))
	require(starts == ends && (starts == 0 || starts == count),
		"%d tokens came with %d starts and %d ends", count, starts, ends)
	r.vocabulary.add(chunk.NewTokens)
	for i, id := range chunk.TokenIds {
		token := PromptToken{Token: r.vocabulary.get(id), Start: -1, End: -1}
		if starts > 0 {
			token.Start, token.End = int(chunk.TokenStarts[i]), int(chunk.TokenEnds[i])
			require(token.Start >= 0 && token.Start <= token.End,
				"token %d has the byte range %d .. %d", len(r.tokens), token.Start, token.End)
		}
		r.tokens = append(r.tokens, token)
	}
}

func (r *promptReader) addPositions(indexes *v1.IndexRange, firstOfChunk int) {
	previous := -1
	if len(r.positions) > 0 {
		previous = r.positions[len(r.positions)-1]
	}
	first, last, stride := int(indexes.GetFirst()), int(indexes.GetLast()), int(indexes.GetStride())
	require(first > previous && first >= firstOfChunk && last >= first && last < len(r.tokens) && stride >= 1,
		"positions %d .. %d, every %d, came after position %d in a chunk of the tokens %d .. %d",
		first, last, stride, previous, firstOfChunk, len(r.tokens)-1)
	for position := first; position < last; position += stride {
		r.positions = append(r.positions, position)
	}
	r.positions = append(r.positions, last)
}
