package stratalens

import "math"

// logCodes are fixed-point logarithms of numbers of 0 or more, code = round(scale ln(1 + x)).
type logCodes struct {
	// Steps of a unit of ln(1 + x).
	scale int32
}

var (
	cellCodes       = logCodes{1024}
	trajectoryCodes = logCodes{256}
)

// From a cell's code to a trajectory's.
const trajectoryShift = 2

// ln(1 + x) of the largest finite float is 88.7.
const largestLog = 88

// add adds a difference to a code, and refuses what is no code.
func (c logCodes) add(code, difference int32, chunk string) int32 {
	sum := int64(code) + int64(difference)
	require(sum >= 0 && sum <= largestLog*int64(c.scale), "%s: a difference leads to the code %d", chunk, sum)
	return int32(sum)
}

// value is x, an entropy or a divergence.
func (c logCodes) value(code int32) float32 {
	return float32(math.Expm1(float64(code) / float64(c.scale)))
}

// logProb is -x, a log-probability.
func (c logCodes) logProb(code int32) float32 {
	return float32(0 - math.Expm1(float64(code)/float64(c.scale)))
}
