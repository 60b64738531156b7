package stratalens

import v1 "stratalens.dev/go/stratalensv1"

// noToken stands for a target that does not exist at a position.
const noToken = -1

// targetReader puts target chunks together.
type targetReader struct {
	head      *headerReader
	encodings [][]Token
	finalTops []Prediction
	// Ids of each target at each position; noToken where there is none.
	ids [][]int32
}

func newTargetReader(head *headerReader) *targetReader {
	r := &targetReader{head: head, ids: make([][]int32, head.targetCount())}
	for i, description := range head.header.Targets {
		var encoding []Token
		for _, id := range description.TokenIds {
			encoding = append(encoding, head.vocabulary.get(id))
		}
		checkEncoding(head.request.Targets[i], encoding)
		r.encodings = append(r.encodings, encoding)
	}
	return r
}

func (r *targetReader) isComplete() bool {
	return len(r.finalTops) == len(r.head.positions())
}

func (r *targetReader) add(chunk *v1.TargetChunk) {
	require(!r.isComplete(), "a target chunk came after the last position")
	first, count, targets := int(chunk.FirstPosition), int(chunk.PositionCount), r.head.targetCount()
	left := len(r.head.positions()) - len(r.finalTops)
	require(first == len(r.finalTops) && count >= 1 && count <= left,
		"expected targets from position index %d, %d at most, but %d from index %d came", len(r.finalTops), left, count, first)
	require(len(chunk.FinalTopIds) == count && len(chunk.FinalTopLogProbs) == count && len(chunk.TargetIds) == count*targets,
		"%d targets at %d positions came with %d final ids, %d log-probabilities and %d target ids",
		targets, count, len(chunk.FinalTopIds), len(chunk.FinalTopLogProbs), len(chunk.TargetIds))
	r.head.vocabulary.add(chunk.NewTokens)
	missing := map[int32]bool{}
	for _, index := range chunk.Missing {
		missing[index] = true
	}
	for i := range count {
		top := r.head.vocabulary.get(chunk.FinalTopIds[i])
		for target := range targets {
			at := int32(i*targets + target)
			id := chunk.TargetIds[at]
			if missing[at] {
				id = noToken
				delete(missing, at)
			}
			r.check(target, first+i, id, top)
			r.ids[target] = append(r.ids[target], id)
		}
		r.finalTops = append(r.finalTops, Prediction{top, chunk.FinalTopLogProbs[i]})
	}
	require(len(missing) == 0, "%d targets that do not exist are said to be missing", len(missing))
}

// check compares the id of a target with what is known of it.
func (r *targetReader) check(target, position int, came int32, top Token) {
	expected := r.expected(target, position, came, top)
	require(came == expected, "target %v at position %d should be token %d, but %d came (%d = none)",
		r.head.request.Targets[target], r.head.positions()[position], expected, came, noToken)
	if came != noToken {
		r.head.vocabulary.get(came)
	}
}

func (r *targetReader) expected(target, position int, came int32, top Token) int32 {
	switch r.head.request.Targets[target].GetPositionTarget() {
	case v1.PositionTarget_POSITION_TARGET_NEXT_TOKEN:
		at := r.head.positions()[position]
		if next := r.head.next(at); next != noToken || !r.head.hasNext(at) {
			return next
		}
		return came // a token that is yet to be told of is compared once it comes
	case v1.PositionTarget_POSITION_TARGET_FINAL_TOP:
		return int32(top.ID)
	default:
		return int32(r.encodings[target][0].ID)
	}
}

func checkEncoding(target *v1.Target, encoding []Token) {
	if dependsOnPosition(target) {
		return
	}
	require(len(encoding) > 0, "target %v came without tokens", target)
	if asked, isID := target.Token.(*v1.Target_Id); isID {
		require(int(asked.Id) == encoding[0].ID, "target %v came as token %d", target, encoding[0].ID)
	}
}

func dependsOnPosition(target *v1.Target) bool {
	_, depends := target.Token.(*v1.Target_PositionTarget)
	return depends
}
