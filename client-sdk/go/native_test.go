package stratalens

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	v1 "stratalens.dev/go/stratalensv1"
)

// native is a result in the native format, docs/native-json.md.
type native struct {
	Prompt string
	Tokens []struct {
		ID         int
		Raw, Text  string
		Start, End *int
	}
	ReadPoints []nativePoint `json:"read_points"`
	Positions  []int
	TopK       int `json:"top_k"`
	Columns    []struct{ Name string }
	Targets    []struct {
		TokenIDs []int `json:"token_ids"`
		IDs      []*int32
	}
	FinalTop struct {
		IDs      []int
		LogProbs numbers `json:"log_probs"`
	} `json:"final_top"`
	Readings []struct {
		Lens           int
		ReadPoint      int `json:"read_point"`
		IDs            [][]int32
		LogProbs       []numbers `json:"log_probs"`
		Columns        map[string]numbers
		Ranks          [][]*int32
		TargetLogProbs []numbers `json:"target_log_probs"`
	}
	Trajectories []struct {
		Lens, Position int
		IDs            []int32
		LogProbs       []numbers `json:"log_probs"`
	}
	Attribution *struct {
		Parts []struct {
			nativePoint
			Shares numbers
		}
		Heads []struct {
			Block, Count int
			Shares       numbers
		}
		Biases, Logits    numbers
		LargestDifference number `json:"largest_difference"`
	}
	Vocab map[string]struct{ Raw, Text string }
}

type nativePoint struct {
	Block int
	Site  string
}

func (p nativePoint) point() ReadPoint {
	return ReadPoint{Block: p.Block, Site: v1.Site(v1.Site_value["SITE_"+strings.ToUpper(p.Site)])}
}

// number is a float32, for which null stands for NaN, and infinities are texts.
type number float32

type numbers []number

func (n *number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*n = number(math.NaN())
		return nil
	}
	value, err := strconv.ParseFloat(strings.Trim(string(text), `"`), 32)
	*n = number(value)
	return err
}

// compare fails the test unless a result has all the numbers of the file.
func (n *native) compare(t *testing.T, result *Result) {
	t.Helper()
	same(t, "prompt", result.Prompt, n.Prompt)
	same(t, "positions", fmt.Sprint(result.Positions), fmt.Sprint(n.Positions))
	same(t, "top_k", result.TopK, n.TopK)
	n.compareTokens(t, result)
	n.compareTargets(t, result)
	n.compareReadings(t, result)
	n.compareTrajectories(t, result)
	n.compareAttribution(t, result)
}

func (n *native) compareTokens(t *testing.T, result *Result) {
	same(t, "tokens", len(result.Tokens), len(n.Tokens))
	for i, token := range n.Tokens {
		start, end := -1, -1
		if token.Start != nil {
			start, end = *token.Start, *token.End
		}
		same(t, "token", result.Tokens[i], PromptToken{Token{token.ID, token.Raw, token.Text}, start, end})
	}
	for id, token := range n.Vocab {
		number, err := strconv.Atoi(id)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "vocabulary", result.Token(int32(number)), Token{number, token.Raw, token.Text})
	}
	for i, id := range n.FinalTop.IDs {
		same(t, "final top", result.FinalTops[i].Token.ID, id)
		near(t, "final top", result.FinalTops[i].LogProb, n.FinalTop.LogProbs[i])
	}
}

func (n *native) compareTargets(t *testing.T, result *Result) {
	same(t, "targets", len(result.Targets), len(n.Targets))
	for i, target := range n.Targets {
		var encoding []int
		for _, token := range result.Targets[i].Encoding {
			encoding = append(encoding, token.ID)
		}
		if !slices.Equal(encoding, target.TokenIDs) {
			t.Errorf("target %d has the tokens %v, not %v", i, encoding, target.TokenIDs)
		}
		for p, id := range target.IDs {
			same(t, "id of a target", result.Targets[i].IDs[p], orElse(id, noToken))
		}
	}
}

func (n *native) compareReadings(t *testing.T, result *Result) {
	read := 0
	for _, lens := range result.ByLens {
		read += len(lens.Layers)
	}
	same(t, "readings", read, len(n.Readings))
	for _, reading := range n.Readings {
		lens, point := result.ByLens[reading.Lens], n.ReadPoints[reading.ReadPoint].point()
		ids, logProbs := lens.IDs(), lens.LogProbs()
		for p, position := range n.Positions {
			if cell := ids.Cell(point, position); !slices.Equal(cell, reading.IDs[p]) {
				t.Errorf("%v at %d has the tokens %v, not %v", point, position, cell, reading.IDs[p])
			}
			allNear(t, "log-probabilities", logProbs.Cell(point, position), reading.LogProbs[p])
			for target := range n.Targets {
				same(t, "rank", lens.Ranks(target).Cell(point, position)[0], orElse(reading.Ranks[p][target], 0))
				near(t, "target", lens.TargetLogProbs(target).Cell(point, position)[0], reading.TargetLogProbs[p][target])
			}
		}
		for name, values := range reading.Columns {
			allNear(t, name, lens.At(point).Columns[statisticOf(t, name)], values)
		}
	}
}

func (n *native) compareTrajectories(t *testing.T, result *Result) {
	for _, expected := range n.Trajectories {
		lens := result.ByLens[expected.Lens]
		tracked := lens.Tracked[slices.Index(n.Positions, expected.Position)]
		if !slices.Equal(tracked.IDs, expected.IDs) {
			t.Errorf("position %d tracks %v, not %v", expected.Position, tracked.IDs, expected.IDs)
		}
		for i, id := range expected.IDs {
			values, found := lens.Trajectory(id, expected.Position)
			same(t, "trajectory", found, true)
			allNear(t, "trajectory", values, expected.LogProbs[i])
		}
	}
}

func (n *native) compareAttribution(t *testing.T, result *Result) {
	if n.Attribution == nil {
		same(t, "attribution", result.Attribution == nil, true)
		return
	}
	attribution := result.Attribution
	same(t, "parts", len(attribution.Parts), len(n.Attribution.Parts))
	near(t, "largest difference", attribution.LargestDifference, n.Attribution.LargestDifference)
	for p, position := range n.Positions {
		for target := range n.Targets {
			at := p*len(n.Targets) + target
			near(t, "bias", attribution.BiasShare(target, position), n.Attribution.Biases[at])
			near(t, "logit", attribution.Logit(target, position), n.Attribution.Logits[at])
			for _, part := range n.Attribution.Parts {
				near(t, "share", attribution.Share(part.point(), target, position), part.Shares[at])
			}
			for _, heads := range n.Attribution.Heads {
				same(t, "heads", attribution.Heads(heads.Block), heads.Count)
				for head := range heads.Count {
					near(t, "head", attribution.HeadShare(heads.Block, head, target, position), heads.Shares[at*heads.Count+head])
				}
			}
		}
	}
}

func statisticOf(t *testing.T, name string) v1.Statistic {
	for statistic := range v1.Statistic_name {
		if description := Describe(v1.Statistic(statistic)); description.GetName() == name {
			return v1.Statistic(statistic)
		}
	}
	t.Fatalf("there is no column %s", name)
	return 0
}

func orElse(value *int32, other int32) int32 {
	if value == nil {
		return other
	}
	return *value
}

func same[T comparable](t *testing.T, what string, came, expected T) {
	t.Helper()
	if came != expected {
		t.Errorf("%s: %v, expected %v", what, came, expected)
	}
}

func allNear(t *testing.T, what string, came []float32, expected numbers) {
	t.Helper()
	same(t, what, len(came), len(expected))
	for i := range expected {
		near(t, what, came[i], expected[i])
	}
}

// near compares but for the last bit of a float32, which is that of another library's exponential function.
func near(t *testing.T, what string, came float32, expected number) {
	t.Helper()
	one, other := float64(came), float64(expected)
	if one != other && !(math.IsNaN(one) && math.IsNaN(other)) && !(math.Abs(one-other) <= 3e-7*math.Abs(other)) {
		t.Errorf("%s: %v, expected %v", what, one, other)
	}
}
