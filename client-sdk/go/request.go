package stratalens

import (
	"google.golang.org/protobuf/proto"

	v1 "stratalens.dev/go/stratalensv1"
)

// Option sets fields of a request. Every function over the message is one, so a program can set fields for which there is no
// function here.
type Option func(*v1.AnalyzeRequest)

// Ask makes a request for a text. Defaults: the only served model, the logit lens, all layers and positions, the best 5 tokens, no
// targets, log-sum-exp, entropy and KL from the final layer, trajectories of all tracked tokens, compact numbers.
func Ask(text string, options ...Option) *v1.AnalyzeRequest {
	return ask(Text(text), options)
}

// Text is the prompt of a text, to which the tokenizer adds its special tokens.
func Text(text string) *v1.Prompt {
	return &v1.Prompt{Form: &v1.Prompt_Text{Text: text}}
}

// AskTokens makes a request for vocabulary ids, which are used as they are.
func AskTokens(ids []int32, options ...Option) *v1.AnalyzeRequest {
	return ask(&v1.Prompt{Form: &v1.Prompt_TokenIds{TokenIds: &v1.TokenIds{Ids: ids}}}, options)
}

// AskChat makes a request for a chat, which the model's own template renders.
func AskChat(chat *v1.Chat, options ...Option) *v1.AnalyzeRequest {
	return ask(&v1.Prompt{Form: &v1.Prompt_Chat{Chat: chat}}, options)
}

func ask(prompt *v1.Prompt, options []Option) *v1.AnalyzeRequest {
	request := &v1.AnalyzeRequest{
		Prompt:       prompt,
		TopK:         proto.Int32(defaultTopK),
		Statistics:   []v1.Statistic{LogSumExp, Entropy, KLFromFinal},
		Trajectories: &v1.TrajectoryOptions{},
		NumberForm:   v1.NumberForm_NUMBER_FORM_COMPACT,
	}
	for _, option := range options {
		option(request)
	}
	return request
}

// What the contract says of a request that gives no top_k.
const defaultTopK = 5

// Model names the served model to ask. Needed if the server serves several.
func Model(name string) Option {
	return func(r *v1.AnalyzeRequest) { r.Model = &name }
}

// WithoutSpecialTokens leaves out the tokenizer's special tokens.
func WithoutSpecialTokens() Option {
	return func(r *v1.AnalyzeRequest) { r.Prompt.OmitSpecialTokens = true }
}

// Lenses sets the lenses: see [LogitLens], [RawLens] and [FittedLens]. None = the logit lens.
func Lenses(lenses ...*v1.Lens) Option {
	return func(r *v1.AnalyzeRequest) { r.Lenses = lenses }
}

// Layers sets the blocks to read. None = all.
func Layers(ranges ...*v1.IndexRange) Option {
	return func(r *v1.AnalyzeRequest) { r.Layers = ranges }
}

// Positions sets the token positions to read. None = all; the model always reads the whole prompt.
func Positions(ranges ...*v1.IndexRange) Option {
	return func(r *v1.AnalyzeRequest) { r.Positions = ranges }
}

// Sites sets the sites to read. None = block outputs.
func Sites(sites ...v1.Site) Option {
	return func(r *v1.AnalyzeRequest) { r.Sites = sites }
}

// AllSites reads at all sites that the blocks have, and at the embedding.
func AllSites() Option {
	return func(r *v1.AnalyzeRequest) { r.AllSites = true }
}

// Alone has the prompt computed in a pass of its own, so that the same request gives the same bits again.
func Alone() Option {
	return func(r *v1.AnalyzeRequest) { r.Alone = true }
}

// Candidates sets the rule that chooses the predictions after the best; the most likely tokens unless set.
func Candidates(rule *v1.Candidates) Option {
	return func(r *v1.AnalyzeRequest) { r.Candidates = rule }
}

// TopK sets the number of predictions per cell, 1 .. 100.
func TopK(k int) Option {
	return func(r *v1.AnalyzeRequest) { r.TopK = proto.Int32(toInt32(k)) }
}

// Targets sets tokens whose rank and log-probability are wanted in every cell: see [Word], [TokenID], [NextToken], [FinalTop].
func Targets(targets ...*v1.Target) Option {
	return func(r *v1.AnalyzeRequest) { r.Targets = targets }
}

// Statistics sets the columns of the cells. None = no columns.
func Statistics(statistics ...v1.Statistic) Option {
	return func(r *v1.AnalyzeRequest) { r.Statistics = statistics }
}

// Trajectories leaves out tracked tokens that stay below a probability, 0 .. 1, at every layer.
func Trajectories(leastPeak float32) Option {
	return func(r *v1.AnalyzeRequest) { r.Trajectories = &v1.TrajectoryOptions{MinPeakProbability: &leastPeak} }
}

// WithoutTrajectories asks for none.
func WithoutTrajectories() Option {
	return func(r *v1.AnalyzeRequest) { r.Trajectories = nil }
}

// WithAttribution asks how much each part of the model writes toward the logit of each target.
func WithAttribution() Option {
	return func(r *v1.AnalyzeRequest) { r.Attribution = &v1.AttributionOptions{} }
}

// Intervene changes the forward pass.
func Intervene(interventions ...*v1.Intervention) Option {
	return func(r *v1.AnalyzeRequest) { r.Interventions = interventions }
}

// WithEffect asks what the interventions did: metrics of the changed and the unchanged pass.
func WithEffect(metrics ...*v1.Metric) Option {
	return func(r *v1.AnalyzeRequest) { r.Effect = &v1.EffectOptions{Metrics: metrics} }
}

// WithUnchanged asks also for the whole result without the interventions, beside their effect on metrics.
func WithUnchanged(metrics ...*v1.Metric) Option {
	return func(r *v1.AnalyzeRequest) { r.Effect = &v1.EffectOptions{Metrics: metrics, WithUnchangedResult: true} }
}

// Exact asks for all numbers as float32, as computed.
func Exact() Option {
	return func(r *v1.AnalyzeRequest) { r.NumberForm = v1.NumberForm_NUMBER_FORM_FLOAT32 }
}

// RequestID sets an id that the server's answer and log repeat, at most 128 bytes.
func RequestID(id string) Option {
	return func(r *v1.AnalyzeRequest) { r.RequestId = id }
}
