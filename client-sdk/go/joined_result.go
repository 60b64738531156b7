package stratalens

import v1 "stratalens.dev/go/stratalensv1"

// joined puts results of one request together whose positions follow one another, over one text.
func joined(parts []*Result, text *growingText) *Result {
	first := parts[0]
	info := *first.Info
	info.Tokens, info.Prompt = text.tokens, text.text
	info.Positions, info.FinalTops = nil, nil
	info.Targets = make([]TargetInfo, len(first.Targets))
	for _, part := range parts {
		info.Positions = append(info.Positions, part.Positions...)
		info.FinalTops = append(info.FinalTops, part.FinalTops...)
	}
	for i, target := range first.Targets {
		info.Targets[i] = TargetInfo{Target: target.Target, Encoding: target.Encoding}
		for _, part := range parts {
			info.Targets[i].IDs = append(info.Targets[i].IDs, part.Targets[i].IDs...)
		}
	}
	result := &Result{Info: &info}
	for lens := range first.ByLens {
		result.ByLens = append(result.ByLens, joinedLens(parts, lens, &info))
	}
	result.LensResult = result.ByLens[0]
	return result
}

func joinedLens(parts []*Result, lens int, info *Info) *LensResult {
	of := &LensResult{info: info, Lens: parts[0].ByLens[lens].Lens}
	for at, first := range parts[0].ByLens[lens].Layers {
		layer := &Layer{Info: info, Lens: lens, Point: first.Point, Columns: map[v1.Statistic][]float32{}}
		for _, part := range parts {
			more := part.ByLens[lens].Layers[at]
			layer.IDs = append(layer.IDs, more.IDs...)
			layer.LogProbs = append(layer.LogProbs, more.LogProbs...)
			layer.TargetRanks = append(layer.TargetRanks, more.TargetRanks...)
			layer.TargetLogProbs = append(layer.TargetLogProbs, more.TargetLogProbs...)
			for statistic, values := range more.Columns {
				layer.Columns[statistic] = append(layer.Columns[statistic], values...)
			}
		}
		of.Layers = append(of.Layers, layer)
	}
	for _, part := range parts {
		of.Tracked = append(of.Tracked, part.ByLens[lens].Tracked...)
	}
	return of
}
