package stratalens

import (
	"context"
	"iter"
	"slices"
	"testing"

	v1 "stratalens.dev/go/stratalensv1"
)

// waiting gives each request once the outcome of the one before it was taken, and says when it has ended.
func waiting(request *v1.AnalyzeRequest, taken <-chan int, count int, ended chan<- struct{}) iter.Seq[*v1.AnalyzeRequest] {
	return func(yield func(*v1.AnalyzeRequest) bool) {
		defer close(ended)
		for i := range count {
			if i > 0 {
				<-taken
			}
			if !yield(request) {
				return
			}
		}
	}
}

func TestASourceMayWaitForOutcomes(t *testing.T) {
	request, events := recorded(t, vectors+"/plain")
	client := connectTo(t, (&recordedServer{events: events}).start(t), Plaintext())
	taken, ended := make(chan int), make(chan struct{})
	var came []int
	for outcome, err := range client.Batch(context.Background(), waiting(request, taken, 5, ended)) {
		if err != nil || outcome.Err != nil {
			t.Fatal(err, outcome.Err)
		}
		came = append(came, outcome.Index)
		if len(came) < 5 {
			taken <- outcome.Index
		}
	}
	<-ended
	if !slices.Equal(came, []int{0, 1, 2, 3, 4}) {
		t.Error(came)
	}
}

func TestASourceEndsAfterTheLoopWasLeft(t *testing.T) {
	request, events := recorded(t, vectors+"/plain")
	client := connectTo(t, (&recordedServer{events: events}).start(t), Plaintext())
	sources := map[string]func(yield func(*v1.AnalyzeRequest) bool, left <-chan struct{}){
		"waits for room": func(yield func(*v1.AnalyzeRequest) bool, _ <-chan struct{}) {
			for yield(request) {
			}
		},
		"waits itself": func(yield func(*v1.AnalyzeRequest) bool, left <-chan struct{}) {
			if !yield(request) {
				t.Error("nothing was taken")
			}
			<-left
			if yield(request) {
				t.Error("another request was taken")
			}
		},
	}
	for name, source := range sources {
		t.Run(name, func(t *testing.T) {
			left, ended := make(chan struct{}), make(chan struct{})
			requests := func(yield func(*v1.AnalyzeRequest) bool) {
				defer close(ended)
				source(yield, left)
			}
			for _, err := range client.Batch(context.Background(), requests) {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			close(left)
			<-ended
		})
	}
}

func TestAPanicOfTheSourceComesToTheLoop(t *testing.T) {
	_, events := recorded(t, vectors+"/plain")
	client := connectTo(t, (&recordedServer{events: events}).start(t), Plaintext())
	defer func() {
		if said := recover(); said != "no more files" {
			t.Error(said)
		}
	}()
	for outcome, err := range client.Batch(context.Background(), func(func(*v1.AnalyzeRequest) bool) { panic("no more files") }) {
		t.Error(outcome, err)
	}
	t.Error("the loop ended")
}
