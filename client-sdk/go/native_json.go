package stratalens

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	v1 "stratalens.dev/go/stratalensv1"
)

// NativeJSON is the result in the native format (docs/native-json.md), which is lossless: a file that `stratalens show`, the viewer and
// the other clients read.
func (r *Result) NativeJSON() ([]byte, error) {
	file := map[string]any{
		"format":      "stratalens/2",
		"model":       modelJSON(r.Model),
		"lenses":      each(r.Lenses, lensName),
		"approximate": r.Approximate,
		"number_form": "compact",
		"tokens":      each(r.Tokens, tokenJSON),
		"read_points": each(r.Points, pointJSON),
		"positions":   r.Positions,
		"top_k":       r.TopK,
		"columns":     r.columnsJSON(),
		"targets":     each(r.Targets, targetJSON),
		"final_top": map[string]any{
			"ids":       each(r.FinalTops, func(top Prediction) int { return top.Token.ID }),
			"log_probs": each(r.FinalTops, func(top Prediction) jsonFloat { return jsonFloat(top.LogProb) }),
		},
		"readings": r.readingsJSON(),
		"vocab":    r.vocabularyJSON(),
		"self_check": map[string]any{
			"max_logit_difference": jsonFloat(r.Summary.SelfCheck.MaxLogitDifference),
			"top1_agrees":          r.Summary.SelfCheck.Top1Agrees,
			"positions":            r.Summary.SelfCheck.Positions,
		},
		"timings": map[string]any{
			"queued_ms":  milliseconds(r.Summary.Queued),
			"forward_ms": milliseconds(r.Summary.Forward),
			"lens_ms":    milliseconds(r.Summary.Lens),
		},
		"run": map[string]any{
			"request_id":           r.RequestID,
			"omitted_trajectories": r.Summary.OmittedRowCount,
			"reserved_bytes":       r.Summary.ReservedBytes,
		},
	}
	if r.NumberForm == v1.NumberForm_NUMBER_FORM_FLOAT32 {
		file["number_form"] = "exact"
	}
	if len(r.Readings) > 0 {
		file["coverage"] = each(r.Readings, coverageJSON)
	}
	if r.Prompt != "" {
		file["prompt"] = r.Prompt
	}
	if r.Candidates != nil {
		file["candidates"] = r.candidatesName()
	}
	if r.HasTrajectories {
		file["trajectories"] = r.trajectoriesJSON()
	}
	if r.Attribution != nil {
		file["attribution"] = r.Attribution.nativeJSON()
	}
	return json.Marshal(file)
}

func modelJSON(model *v1.ModelDescription) map[string]any {
	dtype := func(dtype v1.DataType) string {
		return strings.ToLower(strings.TrimPrefix(dtype.String(), "DATA_TYPE_"))
	}
	return map[string]any{
		"name": model.Name, "architecture": model.Architecture, "layers": model.BlockCount, "hidden_size": model.HiddenSize,
		"vocab_size": model.VocabularySize, "stored_dtype": dtype(model.StoredType), "compute_dtype": dtype(model.ComputeType),
		"revision": model.GetRevision(),
	}
}

func lensName(lens *v1.Lens) string {
	switch kind := lens.Kind.(type) {
	case *v1.Lens_Transport:
		return "transport:" + kind.Transport.Name
	case *v1.Lens_Raw:
		return "raw"
	default:
		return "logit"
	}
}

func (r *Result) candidatesName() string {
	switch rule := r.Candidates.Rule.(type) {
	case *v1.Candidates_Words:
		return "words"
	case *v1.Candidates_LeastLikely:
		return "least-likely"
	case *v1.Candidates_Contrast:
		if lens, isLens := rule.Contrast.Reference.(*v1.ContrastCandidates_Lens); isLens {
			return "contrast:" + lensName(r.Lenses[lens.Lens])
		}
		return fmt.Sprintf("contrast:%d", rule.Contrast.GetBlock())
	default:
		return ""
	}
}

func coverageJSON(reading *v1.LensReading) map[string]any {
	return map[string]any{
		"read_points":                 reading.ReadPoints,
		"decodes_last_block_as_model": reading.DecodesLastBlockAsModel,
		"skipped_positions":           reading.SkippedPositions,
		"warnings":                    append([]string{}, reading.Warnings...),
	}
}

func tokenJSON(token PromptToken) map[string]any {
	written := map[string]any{"id": token.ID, "raw": token.Raw, "text": token.Text}
	if token.Start >= 0 {
		written["start"], written["end"] = token.Start, token.End
	}
	return written
}

func pointJSON(point ReadPoint) map[string]any {
	if point.Site == Embedding {
		return map[string]any{"site": siteName(point)}
	}
	return map[string]any{"block": point.Block, "site": siteName(point)}
}

func siteName(point ReadPoint) string {
	return strings.ToLower(strings.TrimPrefix(point.Site.String(), "SITE_"))
}

func targetJSON(target TargetInfo) map[string]any {
	written := map[string]any{
		"token_ids": each(target.Encoding, func(token Token) int { return token.ID }),
		"ids":       each(target.IDs, func(id int32) *int32 { return unless(id, noToken) }),
	}
	switch token := target.Target.Token.(type) {
	case *v1.Target_Text:
		written["kind"], written["text"] = "text", token.Text
	case *v1.Target_Id:
		written["kind"] = "id"
	case *v1.Target_PositionTarget:
		written["kind"] = strings.ToLower(strings.TrimPrefix(token.PositionTarget.String(), "POSITION_TARGET_"))
	}
	return written
}

func (r *Result) columnsJSON() []any {
	written := []any{}
	for _, column := range slices.Sorted(slices.Values(r.Statistics)) {
		d := Describe(column)
		described := map[string]any{
			"name": d.Name, "label": d.Label, "unit": d.Unit, "meaning": d.Meaning,
			"direction": strings.ToLower(strings.TrimPrefix(d.Direction.String(), "DIRECTION_")),
		}
		if d.Minimum != nil {
			described["minimum"] = *d.Minimum
		}
		if d.AtMostLogVocabulary {
			described["maximum"] = math.Log(float64(r.Model.VocabularySize))
		} else if d.Maximum != nil {
			described["maximum"] = *d.Maximum
		}
		if d.Remark != nil {
			described["remark"] = *d.Remark
		}
		written = append(written, described)
	}
	return written
}

func (r *Result) readingsJSON() []any {
	written := []any{}
	k, m := r.TopK, len(r.Targets)
	for lens, of := range r.ByLens {
		for _, layer := range of.Layers {
			columns := map[string]any{}
			for statistic, values := range layer.Columns {
				columns[Describe(statistic).Name] = floatsJSON(values)
			}
			ranks := each(layer.TargetRanks, func(rank int32) *int32 { return unless(rank, 0) })
			written = append(written, map[string]any{
				"lens": lens, "read_point": slices.Index(r.Points, layer.Point), "columns": columns,
				"ids":              groups(layer.IDs, len(r.Positions), k),
				"log_probs":        groups(floatsJSON(layer.LogProbs), len(r.Positions), k),
				"ranks":            groups(ranks, len(r.Positions), m),
				"target_log_probs": groups(floatsJSON(layer.TargetLogProbs), len(r.Positions), m),
			})
		}
	}
	return written
}

func (r *Result) trajectoriesJSON() []any {
	written := []any{}
	for lens, of := range r.ByLens {
		for p, tracked := range of.Tracked {
			written = append(written, map[string]any{
				"lens": lens, "position": r.Positions[p], "ids": append([]int32{}, tracked.IDs...), "log_probs": each(tracked.LogProbs, floatsJSON),
			})
		}
	}
	return written
}

func (r *Result) vocabularyJSON() map[string]any {
	written := map[string]any{}
	for id, token := range r.vocabulary.tokens {
		written[strconv.Itoa(int(id))] = map[string]any{"raw": token.Raw, "text": token.Text}
	}
	return written
}

func (a *Attribution) nativeJSON() map[string]any {
	parts, heads := []any{}, []any{}
	for _, part := range a.Parts {
		parts = append(parts, map[string]any{"block": part.Block, "site": siteName(part), "shares": floatsJSON(a.shares[part])})
	}
	for block := range int(a.info.Model.BlockCount) {
		if count := a.Heads(block); count > 0 {
			heads = append(heads, map[string]any{"block": block, "count": count, "shares": floatsJSON(a.heads[block])})
		}
	}
	return map[string]any{
		"parts": parts, "heads": heads, "biases": floatsJSON(a.biases), "logits": floatsJSON(a.logits),
		"softcap": jsonFloat(a.info.Model.GetLogitSoftcap()), "largest_difference": jsonFloat(a.LargestDifference),
	}
}
