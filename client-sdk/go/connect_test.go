package stratalens

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestTargetsNeedAPort(t *testing.T) {
	for _, target := range []string{"localhost", "host:", "", "a:1,b:2"} {
		if _, err := Connect(target); err == nil || !strings.Contains(err.Error(), "host:port") {
			t.Errorf("%q: %v", target, err)
		}
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
