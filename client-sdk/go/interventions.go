package stratalens

import v1 "stratalens.dev/go/stratalensv1"

// ChangedRows are the rows of a site in some blocks, at all positions; no blocks = all that have the site. Set Positions, Heads,
// SkipFirstToken and Generated of the message for fewer of them.
func ChangedRows(site v1.Site, layers ...*v1.IndexRange) *v1.InterventionRows {
	return &v1.InterventionRows{Site: site, Layers: layers}
}

// ReplaceFrom replaces rows by those of another prompt, at the same blocks and positions: activation patching. Set Layer and Positions of
// the operation for others: a patchscope. A nil source is the request's own prompt.
func ReplaceFrom(rows *v1.InterventionRows, source *v1.Prompt) *v1.Intervention {
	return &v1.Intervention{Rows: rows, Operation: &v1.Intervention_ReplaceFrom{ReplaceFrom: &v1.ReplaceFrom{Source: source}}}
}

// Add adds a factor times a direction.
func Add(rows *v1.InterventionRows, direction *v1.StreamDirection, factor float32) *v1.Intervention {
	add := &v1.AddDirection{Direction: direction, Coefficient: &v1.AddDirection_Factor{Factor: factor}}
	return &v1.Intervention{Rows: rows, Operation: &v1.Intervention_Add{Add: add}}
}

// AddShare adds a direction, as long as a share of the row.
func AddShare(rows *v1.InterventionRows, direction *v1.StreamDirection, share float32) *v1.Intervention {
	add := &v1.AddDirection{Direction: direction, Coefficient: &v1.AddDirection_ShareOfLength{ShareOfLength: share}}
	return &v1.Intervention{Rows: rows, Operation: &v1.Intervention_Add{Add: add}}
}

// ProjectOut takes the part along a direction away.
func ProjectOut(rows *v1.InterventionRows, direction *v1.StreamDirection) *v1.Intervention {
	return &v1.Intervention{Rows: rows, Operation: &v1.Intervention_ProjectOut{ProjectOut: &v1.ProjectOut{Direction: direction}}}
}

// Swap moves the part along one direction to another.
func Swap(rows *v1.InterventionRows, from, to *v1.StreamDirection) *v1.Intervention {
	return &v1.Intervention{Rows: rows, Operation: &v1.Intervention_Swap{Swap: &v1.SwapDirections{From: from, To: to}}}
}

// SetZero sets rows to zeros. At the output of a branch, it adds nothing.
func SetZero(rows *v1.InterventionRows) *v1.Intervention {
	return set(rows, &v1.SetRow{Value: &v1.SetRow_Zero{Zero: &v1.ZeroRow{}}})
}

// SetMean sets rows to the mean of rows of passes over prompts, at the same site and block.
func SetMean(rows *v1.InterventionRows, mean *v1.PromptRows) *v1.Intervention {
	return set(rows, &v1.SetRow{Value: &v1.SetRow_Mean{Mean: mean}})
}

// SetVector sets rows to a vector.
func SetVector(rows *v1.InterventionRows, values ...float32) *v1.Intervention {
	return set(rows, &v1.SetRow{Value: &v1.SetRow_Vector{Vector: &v1.StreamVector{Values: values}}})
}

// Scale multiplies rows.
func Scale(rows *v1.InterventionRows, factor float32) *v1.Intervention {
	return &v1.Intervention{Rows: rows, Operation: &v1.Intervention_Scale{Scale: &v1.ScaleRow{Factor: factor}}}
}

// SkipBlock leaves blocks out: their rows leave them as they entered.
func SkipBlock(rows *v1.InterventionRows) *v1.Intervention {
	return &v1.Intervention{Rows: rows, Operation: &v1.Intervention_SkipBlock{SkipBlock: &v1.SkipBlock{}}}
}

func set(rows *v1.InterventionRows, value *v1.SetRow) *v1.Intervention {
	return &v1.Intervention{Rows: rows, Operation: &v1.Intervention_Set{Set: value}}
}

// TokenDirection is the direction of a token: its row of the unembedding.
func TokenDirection(token *v1.Target) *v1.StreamDirection {
	return &v1.StreamDirection{Kind: &v1.StreamDirection_Token{Token: &v1.TokenDirection{Token: token}}}
}

// LensDirection is the direction that raises a fitted lens's logit of a token most.
func LensDirection(token *v1.Target, lens string) *v1.StreamDirection {
	return &v1.StreamDirection{Kind: &v1.StreamDirection_Token{Token: &v1.TokenDirection{Token: token, Lens: &lens}}}
}

// VectorDirection is a vector as it is.
func VectorDirection(values ...float32) *v1.StreamDirection {
	return &v1.StreamDirection{Kind: &v1.StreamDirection_Vector{Vector: &v1.StreamVector{Values: values}}}
}

// Difference is the direction from the mean of rows of some prompts to that of others.
func Difference(to, from *v1.PromptRows) *v1.StreamDirection {
	return &v1.StreamDirection{Kind: &v1.StreamDirection_Difference{Difference: &v1.PromptDifference{To: to, From: from}}}
}

// RowsOf are rows of passes over texts; no positions = all.
func RowsOf(texts []string, positions ...*v1.IndexRange) *v1.PromptRows {
	rows := &v1.PromptRows{Positions: positions}
	for _, text := range texts {
		rows.Prompts = append(rows.Prompts, Text(text))
	}
	return rows
}

// Logit is the logit of a token at the last position. Set Position of a metric for another one.
func Logit(token *v1.Target) *v1.Metric {
	return &v1.Metric{Kind: &v1.Metric_Logit{Logit: token}}
}

// LogProbability is the log-probability of a token, in nats.
func LogProbability(token *v1.Target) *v1.Metric {
	return &v1.Metric{Kind: &v1.Metric_LogProbability{LogProbability: token}}
}

// LogitDifference is the logit of a token minus that of another.
func LogitDifference(token, other *v1.Target) *v1.Metric {
	return &v1.Metric{Kind: &v1.Metric_LogitDifference{LogitDifference: &v1.LogitDifference{Token: token, Other: other}}}
}

// KLFromUnchanged is KL(output of the unchanged pass || output of the changed pass), in nats.
func KLFromUnchanged() *v1.Metric {
	return &v1.Metric{Kind: &v1.Metric_KlFromUnchanged{KlFromUnchanged: &v1.KlFromUnchanged{}}}
}
