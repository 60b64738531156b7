package stratalens

import (
	"math"
	"slices"

	v1 "stratalens.dev/go/stratalensv1"
)

// cellReader reads the cell chunks of one lens. Differences are from the layer before, at the same position.
type cellReader struct {
	head       *headerReader
	targets    *targetReader
	references knownIDs
	// Index of the last read point that the lens has.
	lastPoint   int
	lastTargets []int32   // [p * m]
	lastColumns [][]int32 // of each column, [p]
}

func newCellReader(head *headerReader, targets *targetReader, references knownIDs, lastPoint int) *cellReader {
	positions := len(head.positions())
	r := &cellReader{head: head, targets: targets, references: references, lastPoint: lastPoint}
	r.lastTargets = make([]int32, positions*head.targetCount())
	for range head.columns {
		r.lastColumns = append(r.lastColumns, make([]int32, positions))
	}
	return r
}

// allocate makes room for a layer.
func (r *cellReader) allocate(lens int, point ReadPoint) *Layer {
	positions := len(r.head.positions())
	predictions, targets := positions*r.head.topK(), positions*r.head.targetCount()
	layer := &Layer{
		Lens:           lens,
		Point:          point,
		IDs:            make([]int32, predictions),
		LogProbs:       make([]float32, predictions),
		TargetRanks:    make([]int32, targets),
		TargetLogProbs: make([]float32, targets),
		Columns:        map[v1.Statistic][]float32{},
	}
	for _, column := range r.head.columns {
		layer.Columns[column.statistic] = make([]float32, positions)
	}
	if r.head.header.HasTrajectories {
		layer.codes, layer.targetCodes = make([]int32, predictions), make([]int32, targets)
	}
	return layer
}

// cellRead is the reading of one chunk, whose positions are checked.
type cellRead struct {
	*cellReader
	chunk        *v1.CellChunk
	to           *Layer
	name         string
	first, count int
	exact        bool
	codes        []int32 // of the predictions of one cell
	targetsTaken int
}

func (r *cellReader) read(chunk *v1.CellChunk, to *Layer) {
	c := &cellRead{
		cellReader: r, chunk: chunk, to: to, name: "cells of " + to.Point.String(),
		first: int(chunk.FirstPosition), count: int(chunk.PositionCount),
		exact: len(chunk.LogProbs) > 0, codes: make([]int32, r.head.topK()),
	}
	c.requireLengths()
	r.head.vocabulary.add(chunk.NewTokens)
	ids := newIDsOf(c.name, chunk.TokenIds)
	for i := range c.count {
		c.readPredictions(i, ids)
		c.readTargets(i)
	}
	ids.requireAllTaken()
	require(c.targetsTaken == c.listedTargets(),
		"%s: %d values of targets came where %d are promised", c.name, c.listedTargets(), c.targetsTaken)
	for s := range r.head.columns {
		c.readColumn(s)
	}
}

func (c *cellRead) listedTargets() int {
	if c.exact {
		return len(c.chunk.TargetLogProbs)
	}
	return len(c.chunk.TargetCodes)
}

func (c *cellRead) requireLengths() {
	require(c.exact || c.head.mayBeCompact(), "%s: codes came, but float32 was asked for", c.name)
	k, m, s := c.head.topK(), c.head.targetCount(), len(c.head.columns)
	ofCodes, ofFloats := 1, 0
	if c.exact {
		ofCodes, ofFloats = 0, 1
	}
	c.requireLength("token_refs", len(c.chunk.TokenRefs), k)
	c.requireLength("target_ranks", len(c.chunk.TargetRanks), m)
	c.requireLength("log_prob_codes", len(c.chunk.LogProbCodes), k*ofCodes)
	c.requireLength("column_codes", len(c.chunk.ColumnCodes), s*ofCodes)
	c.requireLength("log_probs", len(c.chunk.LogProbs), k*ofFloats)
	c.requireLength("column_values", len(c.chunk.ColumnValues), s*ofFloats)
	others := len(c.chunk.TargetLogProbs)
	if c.exact {
		others = len(c.chunk.TargetCodes)
	}
	require(others == 0, "%s: log-probabilities of targets came as codes and as float32", c.name)
}

func (c *cellRead) requireLength(field string, came, perPosition int) {
	promised := c.count * perPosition
	require(came == promised, "%s: %s has %d values where %d are promised", c.name, field, came, promised)
}

func (c *cellRead) readPredictions(i int, ids *newIDs) {
	k := c.head.topK()
	cell := (c.first + i) * k
	code := int32(0)
	for j := range k {
		from, at := i*k+j, cell+j
		id := c.references.resolve(c.first+i, c.chunk.TokenRefs[from], ids)
		c.head.vocabulary.get(id)
		require(!slices.Contains(c.to.IDs[cell:at], id), "%s: token id %d came twice in a cell", c.name, id)
		c.to.IDs[at] = id
		if c.exact {
			c.to.LogProbs[at] = c.chunk.LogProbs[from]
		} else {
			difference := c.chunk.LogProbCodes[from]
			require(difference >= 0, "%s: predictions are not best first", c.name)
			code = cellCodes.add(code, difference, c.name)
			c.to.LogProbs[at] = cellCodes.logProb(code)
		}
		c.codes[j] = code
		if c.to.codes != nil {
			c.to.codes[at] = code
		}
	}
}

func (c *cellRead) readTargets(i int) {
	m := c.head.targetCount()
	for j := range m {
		at := (c.first+i)*m + j
		id := c.targets.ids[j][c.first+i]
		c.to.TargetRanks[at] = c.rank(i, j, id != noToken)
		if id == noToken {
			c.to.TargetLogProbs[at] = float32(math.NaN())
			continue
		}
		c.to.TargetLogProbs[at], c.lastTargets[at] = c.target(i, j, id)
		if c.to.targetCodes != nil {
			c.to.targetCodes[at] = c.lastTargets[at]
		}
	}
}

func (c *cellRead) rank(i, j int, exists bool) int32 {
	rank := c.chunk.TargetRanks[i*c.head.targetCount()+j]
	vocabulary := c.head.header.Model.VocabularySize
	position := c.head.positions()[c.first+i]
	if exists {
		require(rank >= 1 && rank <= vocabulary,
			"%s give rank %d to target %d at position %d, which must be 1 .. %d", c.name, rank, j, position, vocabulary)
	} else {
		require(rank == 0, "%s give rank %d to target %d at position %d, which does not exist", c.name, rank, j, position)
	}
	return rank
}

// target gives the log-probability of a target and its code. One that is a prediction or an earlier target of the cell has them
// from there.
func (c *cellRead) target(i, j int, id int32) (float32, int32) {
	position, k, m := c.first+i, c.head.topK(), c.head.targetCount()
	cell := position * k
	if place := slices.Index(c.to.IDs[cell:cell+k], id); place >= 0 {
		return c.to.LogProbs[cell+place], c.codes[place]
	}
	for earlier := range j {
		if c.targets.ids[earlier][position] == id {
			at := position*m + earlier
			return c.to.TargetLogProbs[at], c.lastTargets[at]
		}
	}
	from := c.targetsTaken
	c.targetsTaken++
	require(from < c.listedTargets(), "%s: %d values of targets came where more are promised", c.name, c.listedTargets())
	if c.exact {
		return c.chunk.TargetLogProbs[from], 0
	}
	code := cellCodes.add(c.lastTargets[position*m+j], c.chunk.TargetCodes[from], c.name)
	return cellCodes.logProb(code), code
}

func (c *cellRead) readColumn(s int) {
	column := c.head.columns[s]
	values, last := c.to.Columns[column.statistic], c.lastColumns[s]
	for i := range c.count {
		at := c.first + i
		if c.exact {
			last[at] = 0
			values[at] = c.chunk.ColumnValues[s*c.count+i]
			continue
		}
		difference := c.chunk.ColumnCodes[s*c.count+i]
		switch step := column.description.CompactStep; {
		case c.isAbsent(column, at):
			require(difference == 0, "%s: %s has a value where there is none", c.name, column.description.Name)
			values[at] = float32(math.NaN())
		case step != nil:
			last[at] += difference
			values[at] = float32(float64(last[at]) * *step)
		default:
			last[at] = cellCodes.add(last[at], difference, c.name)
			values[at] = cellCodes.value(last[at])
		}
	}
}

// isAbsent says where codes cannot say by themselves that there is no value: no layer follows the last one, and no token.
func (c *cellRead) isAbsent(column column, position int) bool {
	d := column.description
	return (d.AbsentAtLastReadPoint && int(c.chunk.ReadPoint) == c.lastPoint) ||
		(d.AbsentAtLastToken && !c.head.hasNext(c.head.positions()[position]))
}
