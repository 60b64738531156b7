package stratalens

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

// Largest message of a server, in bytes.
const defaultMessageBytes = 4 << 20

// How long a connection may be silent, and as long again until it answers: a dead one fails within a minute.
const defaultKeepAlive = 25 * time.Second

var (
	scheme      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:(//.*|/.*|[^0-9].*)$`)
	isURL       = regexp.MustCompile(`^(?i:https?:)`)
	hostAndPort = regexp.MustCompile(`^(\[.+]|[^:/,\[\]]+):[0-9]{1,5}$`)
)

// ConnectOption sets something of a connection.
type ConnectOption func(*connection) error

type connection struct {
	plaintext    bool
	tls          tls.Config
	key          *keyCredentials
	keepAlive    time.Duration
	messageBytes int
	dial         []grpc.DialOption
}

// Connect makes a client of a server. The target is host:port, or a name that gRPC resolves, such as
// dns:///replicas.example:50061: calls are spread over all of its addresses. A client speaks TLS unless told otherwise, and
// connects with its first call.
func Connect(target string, options ...ConnectOption) (*Client, error) {
	if isURL.MatchString(target) {
		return nil, fmt.Errorf("the target %q is a URL; give host:port alone, such as localhost:50061", target)
	}
	if !scheme.MatchString(target) && !isHostAndPort(target) {
		return nil, fmt.Errorf("the target %q is not host:port; give one address with its port, such as localhost:50061, or dns:///NAME:PORT for a name of several addresses", target)
	}
	c := connection{keepAlive: defaultKeepAlive, messageBytes: defaultMessageBytes}
	for _, option := range options {
		if err := option(&c); err != nil {
			return nil, err
		}
	}
	security := credentials.NewTLS(&c.tls)
	if c.plaintext {
		security = insecure.NewCredentials()
	}
	dial := []grpc.DialOption{
		grpc.WithTransportCredentials(security),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithDisableServiceConfig(),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: c.keepAlive, Timeout: c.keepAlive}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(c.messageBytes)),
		grpc.WithUserAgent("stratalens-go"),
	}
	if c.key != nil {
		if c.plaintext && !staysOnThisMachine(target) {
			return nil, errors.New("a key is not sent in plain text beyond this machine; use TLS: leave Plaintext() out")
		}
		dial = append(dial, grpc.WithPerRPCCredentials(*c.key))
	}
	channel, err := grpc.NewClient(target, append(dial, c.dial...)...)
	if err != nil {
		return nil, fmt.Errorf("the target %q cannot be used: %w", target, err)
	}
	client := Over(channel)
	client.owned = channel
	return client, nil
}

// Plaintext speaks without TLS.
func Plaintext() ConnectOption {
	return func(c *connection) error {
		c.plaintext = true
		return nil
	}
}

// TrustCertificates trusts the authorities of a PEM file in place of the system's.
func TrustCertificates(pemFile string) ConnectOption {
	return func(c *connection) error {
		pem, err := os.ReadFile(pemFile)
		if err != nil {
			return fmt.Errorf("the certificates to trust cannot be read: %w", err)
		}
		c.tls.RootCAs = x509.NewCertPool()
		if !c.tls.RootCAs.AppendCertsFromPEM(pem) {
			return fmt.Errorf("%s holds no certificate in PEM form", pemFile)
		}
		return nil
	}
}

// ClientCertificate shows the server a certificate.
func ClientCertificate(pemFile, keyFile string) ConnectOption {
	return func(c *connection) error {
		certificate, err := tls.LoadX509KeyPair(pemFile, keyFile)
		if err != nil {
			return fmt.Errorf("the client's certificate cannot be used: %w", err)
		}
		c.tls.Certificates = []tls.Certificate{certificate}
		return nil
	}
}

// APIKey sends a key with every call, as x-api-key. The function is called for each call, and must be safe for concurrent use.
func APIKey(key func() string) ConnectOption {
	return func(c *connection) error {
		c.key = &keyCredentials{header: "x-api-key", key: key}
		return nil
	}
}

// BearerToken sends a token with every call, as authorization: Bearer. The function is called for each call, and must be safe for
// concurrent use.
func BearerToken(token func() string) ConnectOption {
	return func(c *connection) error {
		c.key = &keyCredentials{header: "authorization", prefix: "Bearer ", key: token}
		return nil
	}
}

// KeepAlive sets how long a connection may be silent before it is asked for a sign of life; 25 s unless set.
func KeepAlive(silence time.Duration) ConnectOption {
	return func(c *connection) error {
		c.keepAlive = silence
		return nil
	}
}

// MaxMessageBytes sets the largest message that is taken; 4 MiB unless set.
func MaxMessageBytes(bytes int) ConnectOption {
	return func(c *connection) error {
		c.messageBytes = bytes
		return nil
	}
}

// Dial adds options of gRPC, which come after this package's own.
func Dial(options ...grpc.DialOption) ConnectOption {
	return func(c *connection) error {
		c.dial = append(c.dial, options...)
		return nil
	}
}

func isHostAndPort(target string) bool {
	port, err := strconv.Atoi(target[strings.LastIndex(target, ":")+1:])
	return hostAndPort.MatchString(target) && err == nil && port < 1<<16
}

// staysOnThisMachine says whether a target is a loopback address or a socket of the file system.
func staysOnThisMachine(target string) bool {
	if strings.HasPrefix(target, "unix:") || strings.HasPrefix(target, "unix-abstract:") {
		return true
	}
	host, _, err := net.SplitHostPort(target[strings.LastIndex(target, "/")+1:])
	if err != nil {
		return false
	}
	address := net.ParseIP(host)
	return host == "localhost" || (address != nil && address.IsLoopback())
}
