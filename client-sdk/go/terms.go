package stratalens

import (
	"math"

	"google.golang.org/protobuf/proto"

	v1 "stratalens.dev/go/stratalensv1"
)

// Columns of cells. Their descriptions are in the contract: see [Describe].
const (
	LogSumExp    = v1.Statistic_STATISTIC_LOG_SUM_EXP
	Entropy      = v1.Statistic_STATISTIC_ENTROPY
	KLFromFinal  = v1.Statistic_STATISTIC_KL_FROM_FINAL
	KLFromNext   = v1.Statistic_STATISTIC_KL_FROM_NEXT
	Margin       = v1.Statistic_STATISTIC_MARGIN
	CrossEntropy = v1.Statistic_STATISTIC_CROSS_ENTROPY
)

// Sites where a lens can read.
const (
	Embedding         = v1.Site_SITE_EMBEDDING
	AttentionOutput   = v1.Site_SITE_ATTENTION_OUTPUT
	AttentionResidual = v1.Site_SITE_ATTENTION_RESIDUAL
	FeedForwardOutput = v1.Site_SITE_FEED_FORWARD_OUTPUT
	BlockOutput       = v1.Site_SITE_BLOCK_OUTPUT
)

// Describe gives a column's name, unit, range and meaning; nil for one that this version does not know.
func Describe(statistic v1.Statistic) *v1.ColumnDescription {
	value := statistic.Descriptor().Values().ByNumber(statistic.Number())
	if value == nil || !proto.HasExtension(value.Options(), v1.E_Column) {
		return nil
	}
	return proto.GetExtension(value.Options(), v1.E_Column).(*v1.ColumnDescription)
}

// LogitLens is the logit lens.
func LogitLens() *v1.Lens {
	return &v1.Lens{Kind: &v1.Lens_Logit{Logit: &v1.LogitLens{}}}
}

// RawLens is the logit lens without the final norm.
func RawLens() *v1.Lens {
	return &v1.Lens{Kind: &v1.Lens_Raw{Raw: &v1.RawLens{}}}
}

// FittedLens is a fitted lens that the server has for the model, such as a tuned lens.
func FittedLens(name string) *v1.Lens {
	return &v1.Lens{Kind: &v1.Lens_Transport{Transport: &v1.TransportLens{Name: name}}}
}

// Word is a target: the vocabulary entry that equals the text (a leading space counts), or else the first token of its encoding.
func Word(text string) *v1.Target {
	return &v1.Target{Token: &v1.Target_Text{Text: text}}
}

// TokenID is a target: a vocabulary id.
func TokenID(id int32) *v1.Target {
	return &v1.Target{Token: &v1.Target_Id{Id: id}}
}

// NextToken is a target: the prompt's next token. The last position has none.
func NextToken() *v1.Target {
	return positionTarget(v1.PositionTarget_POSITION_TARGET_NEXT_TOKEN)
}

// FinalTop is a target: the model's own best token at the position.
func FinalTop() *v1.Target {
	return positionTarget(v1.PositionTarget_POSITION_TARGET_FINAL_TOP)
}

func positionTarget(target v1.PositionTarget) *v1.Target {
	return &v1.Target{Token: &v1.Target_PositionTarget{PositionTarget: target}}
}

// At is one index; below 0 it counts from the end.
func At(index int) *v1.IndexRange {
	return Between(index, index)
}

// Between is a range with both ends; below 0 they count from the end.
func Between(first, last int) *v1.IndexRange {
	return &v1.IndexRange{First: proto.Int32(toInt32(first)), Last: proto.Int32(toInt32(last))}
}

// Every is a range with both ends, in steps.
func Every(first, last, stride int) *v1.IndexRange {
	indexes := Between(first, last)
	indexes.Stride = proto.Int32(toInt32(stride))
	return indexes
}

// toInt32 keeps a number that is too large too large, so that the server refuses it.
func toInt32(n int) int32 {
	return int32(min(max(n, math.MinInt32), math.MaxInt32))
}
