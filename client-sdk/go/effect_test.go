package stratalens

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	v1 "stratalens.dev/go/stratalensv1"
)

// changed makes of a recorded answer one to a request with interventions: the events of the unchanged pass come before those of the
// changed one, and the effect before the summary.
func changed(t *testing.T) (*v1.AnalyzeRequest, []*v1.Event) {
	request, events := recorded(t, vectors+"/plain")
	WithUnchanged(&v1.Metric{})(request)
	var answer []*v1.Event
	for _, event := range events {
		unchanged := proto.CloneOf(event)
		unchanged.Unchanged = true
		answer = append(answer, unchanged)
	}
	effect := &v1.InterventionEffect{
		Reached: []*v1.ReachedPositions{{}, {Positions: []*v1.IndexRange{Every(2, 4, 1)}}},
		Metrics: []*v1.MetricValue{{Unchanged: 3, Changed: 1}},
	}
	last := len(events) - 1
	answer = append(answer, events[:last]...)
	answer = append(answer, &v1.Event{Kind: &v1.Event_InterventionEffect{InterventionEffect: effect}}, events[last])
	return request, answer
}

func TestEffect(t *testing.T) {
	request, events := changed(t)
	result := requireResult(t, request, events)
	if !slices.Equal(result.Unchanged.Layer(0).IDs, result.Layer(0).IDs) || result.Unchanged.Effect != nil {
		t.Error(result.Unchanged)
	}
	if !result.Effect.Reaches(result.Points[1], 3) || result.Effect.Reaches(result.Points[0], 3) || result.Effect.Metrics[0].Changed != 1 {
		t.Error(result.Effect)
	}
}

func TestEffectsThatAreBroken(t *testing.T) {
	for name, damage := range map[string]func(*v1.AnalyzeRequest, []*v1.Event) []*v1.Event{
		"no effect": func(_ *v1.AnalyzeRequest, events []*v1.Event) []*v1.Event {
			return slices.Delete(events, len(events)-2, len(events)-1)
		},
		"two effects": func(_ *v1.AnalyzeRequest, events []*v1.Event) []*v1.Event {
			return slices.Insert(events, len(events)-2, events[len(events)-2])
		},
		"an effect that was not asked for": func(r *v1.AnalyzeRequest, events []*v1.Event) []*v1.Event {
			r.Effect = nil
			return events[len(events)/2:]
		},
		"an unchanged result that was not asked for": func(r *v1.AnalyzeRequest, events []*v1.Event) []*v1.Event {
			r.Effect.WithUnchangedResult = false
			return events
		},
		"an unchanged result that is not complete": func(_ *v1.AnalyzeRequest, events []*v1.Event) []*v1.Event {
			return slices.DeleteFunc(events, func(event *v1.Event) bool { return event.Unchanged && event.GetSummary() != nil })
		},
		"a metric too few": func(_ *v1.AnalyzeRequest, events []*v1.Event) []*v1.Event {
			events[len(events)-2].GetInterventionEffect().Metrics = nil
			return events
		},
		"a position that is not in the result": func(_ *v1.AnalyzeRequest, events []*v1.Event) []*v1.Event {
			events[len(events)-2].GetInterventionEffect().Reached[0].Positions = []*v1.IndexRange{Every(99, 99, 1)}
			return events
		},
	} {
		t.Run(name, func(t *testing.T) {
			request, events := changed(t)
			events = damage(request, events)
			answer := newAssembler(request)
			err := answer.add(events)
			if err == nil {
				_, err = answer.finish()
			}
			requireFailure(t, err, CodeBrokenStream, "cannot be used")
		})
	}
}

func requireResult(t *testing.T, request *v1.AnalyzeRequest, events []*v1.Event) *Result {
	t.Helper()
	answer := newAssembler(request)
	if err := answer.add(events); err != nil {
		t.Fatal(err)
	}
	result, err := answer.finish()
	if err != nil {
		t.Fatal(err)
	}
	return result
}
