package stratalens

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/proto"

	v1 "stratalens.dev/go/stratalensv1"
)

const vectors = "../../proto/vectors"

// TestVectors reads each recorded answer to its outcome.
func TestVectors(t *testing.T) {
	forEachVector(t, "", 80, readVector)
}

func readVector(t *testing.T, folder string) {
	requireOutcome(t, folder, func() (*Result, error) {
		request, events := recorded(t, folder)
		answer := newAssembler(request)
		if err := answer.add(events); err != nil {
			return nil, err
		}
		return answer.finish()
	}, func(result *Result) {
		var file native
		readJSON(t, filepath.Join(folder, "result.json"), &file)
		file.compare(t, result)
		requireSameFile(t, result, readFile(t, filepath.Join(folder, "result.json")))
	})
}

// requireOutcome reads an answer to its outcome, and compares what is complete.
func requireOutcome[T any](t *testing.T, folder string, read func() (*T, error), compare func(*T)) {
	t.Helper()
	var expected struct{ Outcome, Because string }
	readJSON(t, filepath.Join(folder, "outcome.json"), &expected)
	result, err := read()
	if expected.Outcome == "broken" {
		var failure *Error
		if !errors.As(err, &failure) || failure.Code != CodeBrokenStream {
			t.Fatalf("read to %v, although %s", err, expected.Because)
		}
		t.Log(failure.Message)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	compare(result)
}

// forEachVector runs a test for each vector of a kind.
func forEachVector(t *testing.T, kind string, atLeast int, test func(t *testing.T, folder string)) {
	t.Helper()
	outcomes, err := filepath.Glob(filepath.Join(vectors, kind, "*", "outcome.json"))
	if err != nil || len(outcomes) < atLeast {
		t.Fatalf("%d vectors in %s/%s: %v", len(outcomes), vectors, kind, err)
	}
	for _, file := range outcomes {
		folder := filepath.Dir(file)
		t.Run(filepath.Base(folder), func(t *testing.T) { test(t, folder) })
	}
}

// requireSameFile compares what the client writes with what was recorded.
func requireSameFile(t *testing.T, result *Result, recorded []byte) {
	t.Helper()
	written, err := result.NativeJSON()
	if err != nil {
		t.Fatal(err)
	}
	var came, expected any
	if err := errors.Join(json.Unmarshal(written, &came), json.Unmarshal(recorded, &expected)); err != nil {
		t.Fatal(err)
	}
	sameJSON(t, "$", came, expected)
}

func sameJSON(t *testing.T, path string, came, expected any) {
	t.Helper()
	switch expected := expected.(type) {
	case float64:
		number, isNumber := came.(float64)
		if !isNumber || math.Abs(number-expected) > 3e-7*math.Abs(expected) {
			t.Errorf("%s: %v, expected %v", path, came, expected)
		}
	case []any:
		list, isList := came.([]any)
		if !isList || len(list) != len(expected) {
			t.Fatalf("%s: %v, expected %v", path, came, expected)
		}
		for i := range expected {
			sameJSON(t, fmt.Sprintf("%s[%d]", path, i), list[i], expected[i])
		}
	case map[string]any:
		object, isObject := came.(map[string]any)
		if !isObject || len(object) != len(expected) {
			t.Fatalf("%s: %v, expected %v", path, came, expected)
		}
		for key := range expected {
			sameJSON(t, path+"."+key, object[key], expected[key])
		}
	default:
		if came != expected {
			t.Errorf("%s: %v, expected %v", path, came, expected)
		}
	}
}

func recorded(t *testing.T, folder string) (*v1.AnalyzeRequest, []*v1.Event) {
	t.Helper()
	return readRequest(t, folder, &v1.AnalyzeRequest{}), readEvents(t, folder, func() *v1.Event { return &v1.Event{} })
}

func readRequest[R proto.Message](t *testing.T, folder string, request R) R {
	t.Helper()
	if err := proto.Unmarshal(readFile(t, filepath.Join(folder, "request.binpb")), request); err != nil {
		t.Fatal(err)
	}
	return request
}

func readEvents[E proto.Message](t *testing.T, folder string, empty func() E) []E {
	t.Helper()
	var events []E
	for in := bytes.NewReader(readFile(t, filepath.Join(folder, "events.binpb"))); ; {
		event := empty()
		err := protodelim.UnmarshalFrom(in, event)
		if errors.Is(err, io.EOF) {
			return events
		}
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, event)
	}
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	if err := json.Unmarshal(readFile(t, path), into); err != nil {
		t.Fatal(path, err)
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
