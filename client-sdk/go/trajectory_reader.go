package stratalens

import (
	"fmt"
	"slices"

	v1 "stratalens.dev/go/stratalensv1"
)

// trajectoryReader reads the trajectory chunks of one lens: what cell chunks have sent is taken from there.
type trajectoryReader struct {
	head       *headerReader
	targets    *targetReader
	references knownIDs
	layers     *layerAssembler
}

// trajectoryRow is a token over the layers of the lens.
type trajectoryRow struct {
	logProbs []float32
	// Codes in cells; sent says which there are.
	codes []int32
	sent  []bool
}

// read adds the tokens of a chunk with their values, one a layer. The union are the tokens tracked at the position, ascending.
func (r *trajectoryReader) read(chunk *v1.TrajectoryChunk, union []int32, into map[int32][]float32) {
	position := int(chunk.Position)
	name := fmt.Sprintf("trajectories of position %d", r.head.positions()[position])
	r.head.vocabulary.add(chunk.NewTokens)
	ids := r.ids(chunk, name)
	layers := len(r.layers.layers)
	rows := make(map[int32]*trajectoryRow, len(ids))
	for _, id := range ids {
		r.head.vocabulary.get(id)
		require(rows[id] == nil, "%s: token id %d came twice", name, id)
		_, isTracked := slices.BinarySearch(union, id)
		require(isTracked, "%s: token %d came, but is in no top-k there and not named", name, id)
		rows[id] = &trajectoryRow{make([]float32, layers), make([]int32, layers), make([]bool, layers)}
	}
	missing := layers * len(ids)
	for layer := range layers {
		missing -= r.takeFromCells(layer, position, rows)
	}
	r.readRest(chunk, name, ids, rows, missing)
	for _, id := range ids {
		require(into[id] == nil, "token %d has two trajectories at position %d", id, r.head.positions()[position])
		into[id] = rows[id].logProbs
	}
}

func (r *trajectoryReader) ids(chunk *v1.TrajectoryChunk, name string) []int32 {
	fresh := newIDsOf(name, chunk.TokenIds)
	var ids []int32
	if chunk.AllTokens {
		require(len(chunk.TokenRefs) == 0, "%s: all tokens and references came", name)
		ids = slices.Clone(r.references[chunk.Position])
	}
	for _, reference := range chunk.TokenRefs {
		ids = append(ids, r.references.resolve(int(chunk.Position), reference, fresh))
	}
	fresh.requireAllTaken()
	return ids
}

// takeFromCells takes what the cells of a layer have, and gives the number of values.
func (r *trajectoryReader) takeFromCells(layer, position int, rows map[int32]*trajectoryRow) int {
	cells, taken := r.layers.layers[layer], 0
	take := func(id int32, logProb float32, code int32) {
		if row := rows[id]; row != nil {
			if !row.sent[layer] {
				taken++
			}
			row.logProbs[layer], row.codes[layer], row.sent[layer] = logProb, code, true
		}
	}
	k, m := r.head.topK(), r.head.targetCount()
	for at := position * k; at < (position+1)*k; at++ {
		take(cells.IDs[at], cells.LogProbs[at], cells.codes[at])
	}
	for target := range m {
		at := position*m + target
		if id := r.targets.ids[target][position]; id != noToken {
			take(id, cells.TargetLogProbs[at], cells.targetCodes[at])
		}
	}
	return taken
}

func (r *trajectoryReader) readRest(
	chunk *v1.TrajectoryChunk, name string, ids []int32, rows map[int32]*trajectoryRow, missing int) {
	exact := len(chunk.LogProbs) > 0
	came := len(chunk.LogProbCodes)
	if exact {
		came = len(chunk.LogProbs)
	}
	require(came == missing, "%s: %d values came where %d are promised", name, came, missing)
	require(!exact || len(chunk.LogProbCodes) == 0, "%s: values came as codes and as float32", name)
	require(exact || came == 0 || r.head.mayBeCompact(), "%s: codes came, but float32 was asked for", name)
	next := 0
	for _, id := range ids {
		row, code := rows[id], int32(0)
		for layer := range row.logProbs {
			switch {
			case row.sent[layer]:
				code = row.codes[layer] >> trajectoryShift
				continue
			case exact:
				row.logProbs[layer] = chunk.LogProbs[next]
			default:
				code = trajectoryCodes.add(code, chunk.LogProbCodes[next], name)
				row.logProbs[layer] = trajectoryCodes.logProb(code)
			}
			next++
		}
	}
}
