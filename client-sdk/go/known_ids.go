package stratalens

import "slices"

// knownIDs are the ids that were named at each position of a stream, in order of first use, whatever the lens.
type knownIDs [][]int32

// newIDs are the new ids of one chunk, in order.
type newIDs struct {
	chunk string
	left  []int32
	all   int
}

func newIDsOf(chunk string, ids []int32) *newIDs {
	return &newIDs{chunk: chunk, left: ids, all: len(ids)}
}

// requireAllTaken refuses ids to which no reference came.
func (n *newIDs) requireAllTaken() {
	require(len(n.left) == 0, "%s: token_ids has %d values where %d are new", n.chunk, n.all, n.all-len(n.left))
}

// resolve gives the id that a reference means: n > 0 is the n-th of the position, and 0 the next new one.
func (k knownIDs) resolve(position int, reference int32, ids *newIDs) int32 {
	seen := k[position]
	if reference != 0 {
		require(reference > 0 && int(reference) <= len(seen), "%s: reference %d to one of %d ids", ids.chunk, reference, len(seen))
		return seen[reference-1]
	}
	require(len(ids.left) > 0, "%s: token_ids has %d values and a reference to one more", ids.chunk, ids.all)
	id := ids.left[0]
	ids.left = ids.left[1:]
	require(!slices.Contains(seen, id), "%s: token id %d came as new, but is known at its position", ids.chunk, id)
	k[position] = append(seen, id)
	return id
}
