package stratalens

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	v1 "stratalens.dev/go/stratalensv1"
)

// recordedServer answers with a recorded stream, after it refused some calls.
type recordedServer struct {
	v1.UnimplementedLensServiceServer
	v1.UnimplementedServerServiceServer
	events []*v1.Event

	lock     sync.Mutex
	refusals int
	keys     []string
}

func (s *recordedServer) Analyze(_ *v1.AnalyzeRequest, call grpc.ServerStreamingServer[v1.AnalyzeResponse]) error {
	if err := s.admit(call.Context()); err != nil {
		return err
	}
	for _, event := range s.events {
		if err := call.Send(&v1.AnalyzeResponse{Events: []*v1.Event{event}}); err != nil {
			return err
		}
	}
	return nil
}

func (s *recordedServer) AnalyzeBatch(call grpc.BidiStreamingServer[v1.AnalyzeBatchRequest, v1.AnalyzeBatchResponse]) error {
	started := &v1.AnalyzeBatchResponse_Started{Started: &v1.BatchStarted{Window: 1}}
	if err := call.Send(&v1.AnalyzeBatchResponse{Kind: started}); err != nil {
		return err
	}
	for {
		request, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		answer := &v1.AnalyzeBatchResponse_Events{Events: &v1.BatchEvents{Tag: request.GetPrompt().GetTag(), Events: s.events}}
		if err := call.Send(&v1.AnalyzeBatchResponse{Kind: answer}); err != nil {
			return err
		}
	}
}

// admit notes the keys of a call, and refuses the first ones.
func (s *recordedServer) admit(ctx context.Context) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	headers, _ := metadata.FromIncomingContext(ctx)
	s.keys = append(s.keys, append(headers.Get("x-api-key"), headers.Get("authorization")...)...)
	if s.refusals == 0 {
		return nil
	}
	s.refusals--
	return status.Error(codes.Unavailable, "not now")
}

// start serves on a port of this machine, and gives its address.
func (s *recordedServer) start(t *testing.T, options ...grpc.ServerOption) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(options...)
	v1.RegisterLensServiceServer(server, s)
	v1.RegisterServerServiceServer(server, s)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

// selfSigned makes a certificate for 127.0.0.1, and gives the server's side and the file to trust.
func selfSigned(t *testing.T) (grpc.ServerOption, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	certificate := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return grpc.Creds(credentials.NewServerTLSFromCert(&certificate)), file
}
