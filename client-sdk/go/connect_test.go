package stratalens

import (
	"context"
	"errors"
	"math"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	v1 "stratalens.dev/go/stratalensv1"
)

func TestTargetsNeedAPort(t *testing.T) {
	for _, target := range []string{"localhost", "host:", "", "a:1,b:2", "localhost:65536"} {
		if _, err := Connect(target); err == nil || !strings.Contains(err.Error(), "host:port") {
			t.Errorf("%q: %v", target, err)
		}
	}
	if _, err := Connect("http://localhost:50061"); err == nil || !strings.Contains(err.Error(), "is a URL; give host:port alone") {
		t.Error(err)
	}
	for _, target := range []string{"localhost:50061", "[::1]:50061", "dns:///replicas.example:50061", "unix:/tmp/socket"} {
		if _, err := Connect(target, Plaintext()); err != nil {
			t.Errorf("%q: %v", target, err)
		}
	}
}

func TestKeysStayOnThisMachineUnlessOverTLS(t *testing.T) {
	key := APIKey(func() string { return "secret" })
	if _, err := Connect("lens.example:50061", Plaintext(), key); err == nil || !strings.Contains(err.Error(), "use TLS") {
		t.Error(err)
	}
	for _, target := range []string{"localhost:1", "127.0.0.1:1", "[::1]:1", "unix:/tmp/socket"} {
		if _, err := Connect(target, Plaintext(), key); err != nil {
			t.Errorf("%q: %v", target, err)
		}
	}
}

func TestRefusedCallsAreMadeAgainWithTheKey(t *testing.T) {
	request, events := recorded(t, vectors+"/plain")
	server := &recordedServer{events: events, refusals: 2}
	client := connectTo(t, server.start(t), Plaintext(), BearerToken(func() string { return "token" }))
	result, err := client.Analyze(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	if result.Summary == nil || !slices.Equal(server.keys, []string{"Bearer token", "Bearer token", "Bearer token"}) {
		t.Error(result.Summary, server.keys)
	}
}

func TestRefusalsComeToAnEnd(t *testing.T) {
	request, events := recorded(t, vectors+"/plain")
	server := &recordedServer{events: events, refusals: 4}
	_, err := connectTo(t, server.start(t), Plaintext()).Analyze(context.Background(), request)
	requireFailure(t, err, CodeUnavailable, "not now. Check that the server runs")
}

func TestTLSWithACertificateAndAKey(t *testing.T) {
	request, events := recorded(t, vectors+"/plain")
	server := &recordedServer{events: events}
	security, authority := selfSigned(t)
	address := server.start(t, security)
	client := connectTo(t, address, TrustCertificates(authority), APIKey(func() string { return "secret" }))
	if _, err := client.Analyze(context.Background(), request); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(server.keys, []string{"secret"}) {
		t.Error(server.keys)
	}
	_, err := connectTo(t, address).Analyze(context.Background(), request)
	requireFailure(t, err, CodeUnavailable, "certificate is not trusted")
	_, err = connectTo(t, address, Plaintext()).Analyze(context.Background(), request)
	requireFailure(t, err, CodeUnavailable, "TLS")
}

func TestAKeyThatIsNoHeaderIsNotShown(t *testing.T) {
	client := connectTo(t, (&recordedServer{}).start(t), Plaintext(), APIKey(func() string { return "secret\n" }))
	_, err := client.Analyze(context.Background(), Ask("x"))
	requireFailure(t, err, CodeUnauthenticated, "Give the key alone.")
	if strings.Contains(err.Error(), "secret") {
		t.Error("the key is in", err)
	}
}

func TestTLSToAPlainServer(t *testing.T) {
	server := &recordedServer{}
	_, err := connectTo(t, server.start(t)).Analyze(context.Background(), Ask("x"))
	requireFailure(t, err, CodeUnavailable, "speaks plain text")
}

func TestNothingListens(t *testing.T) {
	_, err := connectTo(t, "127.0.0.1:1", Plaintext()).Analyze(context.Background(), Ask("x"))
	requireFailure(t, err, CodeUnavailable, "Nothing listens at 127.0.0.1:1")
}

func TestStreamsThatBreakOff(t *testing.T) {
	request, events := recorded(t, vectors+"/plain")
	server := &recordedServer{events: events[:len(events)-1]}
	stream, err := connectTo(t, server.start(t), Plaintext()).Stream(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	layers := 0
	for layer, failure := range stream.Layers() {
		if err = failure; layer != nil {
			layers++
		}
	}
	requireFailure(t, err, CodeBrokenStream, "without a summary")
	if layers == 0 {
		t.Error("no layer came before the end")
	}
}

func TestMessagesThatAreTooLarge(t *testing.T) {
	request, events := recorded(t, vectors+"/plain")
	server := &recordedServer{events: events}
	_, err := connectTo(t, server.start(t), Plaintext(), MaxMessageBytes(8)).Analyze(context.Background(), request)
	requireFailure(t, err, CodeLimitExceeded, "MaxMessageBytes")
}

func TestTheEndOfAContext(t *testing.T) {
	client := connectTo(t, (&recordedServer{}).start(t), Plaintext())
	late, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	_, err := client.Analyze(late, Ask("x"))
	requireFailure(t, err, CodeDeadlineExceeded, "Give the call more time")
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = client.Analyze(canceled, Ask("x"))
	requireFailure(t, err, CodeCanceled, "The call was canceled.")
}

func TestAServerThatNeverAnswers(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	soon, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	_, err = connectTo(t, silent.Addr().String(), Plaintext()).Analyze(soon, Ask("x"))
	requireFailure(t, err, CodeDeadlineExceeded, "before there was a connection. Check")
}

func TestRequestsThatCannotBeSent(t *testing.T) {
	request, events := recorded(t, vectors+"/plain")
	client := connectTo(t, (&recordedServer{events: events}).start(t), Plaintext())
	_, err := client.Analyze(context.Background(), Ask("\xff"))
	requireFailure(t, err, CodeInvalidRequest, "invalid UTF-8. Give texts in UTF-8")
	outcomes := map[int]error{}
	for outcome, err := range client.Batch(context.Background(), slices.Values([]*v1.AnalyzeRequest{request, Ask("\xff"), request})) {
		if err != nil {
			t.Fatal(err)
		}
		outcomes[outcome.Index] = outcome.Err
	}
	requireFailure(t, outcomes[1], CodeInvalidRequest, "invalid UTF-8")
	if len(outcomes) != 3 || outcomes[0] != nil || outcomes[2] != nil {
		t.Error(outcomes)
	}
}

func TestABatchThatEnds(t *testing.T) {
	request, events := recorded(t, vectors+"/plain")
	client := connectTo(t, (&recordedServer{events: events}).start(t), Plaintext())
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var err error
	for _, err = range client.Batch(ctx, func(yield func(*v1.AnalyzeRequest) bool) {
		for yield(request) {
		}
	}) {
		cancel()
	}
	requireFailure(t, err, CodeCanceled, "The call was canceled. ")
	if !strings.HasSuffix(err.Error(), " were not sent.") {
		t.Error(err)
	}
}

func TestNumbersThatAreTooLarge(t *testing.T) {
	request := Ask("x", TopK(1<<32+3), Layers(At(-1<<40)))
	if request.GetTopK() != math.MaxInt32 || request.Layers[0].GetFirst() != math.MinInt32 {
		t.Error(request)
	}
}

func connectTo(t *testing.T, address string, options ...ConnectOption) *Client {
	t.Helper()
	client, err := Connect(address, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

func requireFailure(t *testing.T, err error, code Code, words string) {
	t.Helper()
	var failure *Error
	if !errors.As(err, &failure) || failure.Code != code || !strings.Contains(failure.Message, words) {
		t.Errorf("%v, expected %s with %q", err, code, words)
	}
}
