package stratalens

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"google.golang.org/protobuf/types/known/durationpb"
)

// jsonFloat is a float32 in JSON: null for NaN, a text for an infinity.
type jsonFloat float32

func (f jsonFloat) MarshalJSON() ([]byte, error) {
	switch value := float64(f); {
	case math.IsNaN(value):
		return []byte("null"), nil
	case math.IsInf(value, 0):
		return []byte(`"` + strings.TrimPrefix(strconv.FormatFloat(value, 'g', -1, 32), "+") + `inity"`), nil
	default:
		return json.Marshal(float32(f))
	}
}

func floatsJSON(values []float32) []jsonFloat {
	return each(values, func(value float32) jsonFloat { return jsonFloat(value) })
}

// each gives what a function makes of each value; never nil, which JSON would write as null.
func each[T, U any](values []T, of func(T) U) []U {
	made := make([]U, len(values))
	for i, value := range values {
		made[i] = of(value)
	}
	return made
}

// groups splits values into a number of groups of a width.
func groups[T any](values []T, count, width int) [][]T {
	split := make([][]T, count)
	for i := range split {
		split[i] = append([]T{}, values[i*width:(i+1)*width]...)
	}
	return split
}

func unless(value, absent int32) *int32 {
	if value == absent {
		return nil
	}
	return &value
}

func milliseconds(duration *durationpb.Duration) float64 {
	return float64(duration.AsDuration().Nanoseconds()) / 1e6
}
