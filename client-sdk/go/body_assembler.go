package stratalens

import (
	"fmt"

	v1 "stratalens.dev/go/stratalensv1"
)

// bodyAssembler takes what follows header and prompt: targets, the layers of each lens in any order of lenses, then trajectories
// lens by lens, then an attribution.
type bodyAssembler struct {
	head         *headerReader
	targets      *targetReader
	targetsFirst bool
	layers       []*layerAssembler
	trajectories []*trajectoryAssembler
	attribution  *attributionAssembler
	// Nil until all targets came.
	info *Info
}

func newBodyAssembler(head *headerReader) *bodyAssembler {
	b := &bodyAssembler{head: head, targets: newTargetReader(head), attribution: newAttributionAssembler(head)}
	b.targetsFirst = head.targetCount() > 0
	for _, column := range head.columns {
		b.targetsFirst = b.targetsFirst || column.description.NeedsOutput
	}
	references := make(knownIDs, len(head.positions()))
	for lens, covered := range head.covered {
		layers := &layerAssembler{
			lens: lens, points: head.points, covered: covered, positions: head.positions(),
			reader: newCellReader(head, b.targets, references, covered[len(covered)-1]),
		}
		b.layers = append(b.layers, layers)
		reader := &trajectoryReader{head: head, targets: b.targets, references: references, layers: layers}
		b.trajectories = append(b.trajectories, newTrajectoryAssembler(head, reader))
	}
	return b
}

func (b *bodyAssembler) addTargets(chunk *v1.TargetChunk) {
	b.targets.add(chunk)
	if b.targets.isComplete() {
		b.info = b.readInfo()
	}
}

// addCells takes a chunk, and gives its layer if that is complete now.
func (b *bodyAssembler) addCells(chunk *v1.CellChunk) *Layer {
	if b.targetsFirst {
		b.requireInfo("a layer")
	}
	return b.layers[b.lens(chunk.Lens)].add(chunk)
}

func (b *bodyAssembler) addTrajectories(chunk *v1.TrajectoryChunk) {
	require(b.head.header.HasTrajectories, "a trajectory came, but the header promised none")
	b.requireLayers("a trajectory")
	b.requireInfo("a trajectory")
	lens := b.lens(chunk.Lens)
	for earlier := range lens {
		require(b.trajectories[earlier].isComplete(),
			"trajectories of lens %d came before those of lens %d were complete", lens, earlier)
	}
	b.trajectories[lens].add(chunk)
}

// attributed gives the attribution, which comes after all layers.
func (b *bodyAssembler) attributed() *attributionAssembler {
	require(len(b.head.header.AttributedParts) > 0, "an attribution came, but the header promised none")
	b.requireLayers("an attribution")
	b.requireInfo("an attribution")
	return b.attribution
}

// finish gives the result without its summary, and the number of tracked tokens without a trajectory. It refuses what is not complete.
func (b *bodyAssembler) finish(what string) (*Result, int64) {
	b.requireLayers(what)
	b.requireInfo(what)
	result, missing := &Result{Info: b.info}, int64(0)
	for lens, layers := range b.layers {
		of := &LensResult{info: b.info, Lens: b.info.Lenses[lens], Layers: layers.layers}
		if b.head.header.HasTrajectories {
			missing += b.trajectories[lens].finish()
			of.Tracked = b.trajectories[lens].complete
		}
		result.ByLens = append(result.ByLens, of)
		for _, layer := range layers.layers {
			layer.Info = b.info
		}
	}
	result.LensResult = result.ByLens[0]
	return result, missing
}

// summed compares the counts of a summary with what came, and gives it to the result.
func (r *headerReader) summed(result *Result, summary *v1.LensSummary, missing int64) {
	require(missing == summary.OmittedRowCount,
		"%d tracked tokens came without trajectory, the summary says %d", missing, summary.OmittedRowCount)
	cells := 0
	for _, covered := range r.covered {
		cells += len(covered) * len(result.Positions)
	}
	require(summary.CellCount == int64(cells), "the summary counts %d cells where %d came", summary.CellCount, cells)
	require(summary.SelfCheck != nil, "the summary has no self-check")
	result.Summary = summary
}

// state is how far it is, in words.
func (b *bodyAssembler) state() string {
	came, all := 0, 0
	for _, layers := range b.layers {
		came += len(layers.layers)
		all += len(layers.covered)
	}
	return fmt.Sprintf("%d of %d layers", came, all)
}

func (b *bodyAssembler) readInfo() *Info {
	header := b.head.header
	info := &Info{
		RequestID: header.RequestId, Model: header.Model, Lenses: header.Lenses, Readings: header.Readings,
		Approximate: header.Approximate, Prompt: b.head.text(), Tokens: b.head.prompt.tokens, Points: b.head.points,
		Candidates: header.Candidates, Statistics: header.Statistics, NumberForm: header.NumberForm, HasTrajectories: header.HasTrajectories,
		Positions: b.head.positions(), TopK: b.head.topK(), FinalTops: b.targets.finalTops, vocabulary: b.head.vocabulary,
	}
	for i, target := range b.head.request.Targets {
		info.Targets = append(info.Targets, TargetInfo{target, b.targets.encodings[i], b.targets.ids[i]})
	}
	return info
}

func (b *bodyAssembler) lens(index int32) int {
	require(index >= 0 && int(index) < len(b.layers), "a chunk of lens %d of %d came", index, len(b.layers))
	return int(index)
}

func (b *bodyAssembler) requireInfo(what string) *Info {
	require(b.info != nil, "%s came where targets from position index %d were expected", what, len(b.targets.finalTops))
	return b.info
}

func (b *bodyAssembler) requireLayers(what string) {
	for _, layers := range b.layers {
		if !layers.isComplete() {
			refuse("%s came where %s was expected", what, layers.expected())
		}
	}
}
