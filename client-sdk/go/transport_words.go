package stratalens

import (
	"regexp"
	"strings"

	"google.golang.org/grpc/codes"
)

const tooLate = "The deadline passed. Give the call more time, or ask for less."

const connectionRemedy = "Check that the server runs, its host and port, whether it speaks TLS or plain text, and with TLS that its certificate is trusted."

// Faults of the connection by signs in the texts of gRPC and of Go.
var transportFaults = []struct {
	sign  *regexp.Regexp
	words string
}{
	{regexp.MustCompile(`HTTP status code received from server: (\d+)`),
		"What answers is a web server or a proxy and no gRPC server: it says HTTP $1. Check the address, and that proxies on the way pass gRPC on."},
	{regexp.MustCompile(`first record does not look like a TLS handshake`),
		"The server speaks plain text, and this client TLS. Ask for plain text, or for a port with TLS."},
	{regexp.MustCompile(`certificate is valid for|doesn't contain any IP SANs|not valid for any names`),
		"The server's certificate is for another host. Ask by a name that the certificate has."},
	{regexp.MustCompile(`certificate signed by unknown authority|certificate is not trusted|failed to verify certificate`),
		"The server's certificate is not trusted. Give the client the certificate of its authority."},
	{regexp.MustCompile(`certificate required|bad certificate`),
		"The server wants a certificate of its clients that it trusts. Give the client one."},
	{regexp.MustCompile(`error reading server preface|frame too large`),
		"What answers does not speak gRPC in plain text. Use TLS if it does, and check the port."},
	{regexp.MustCompile(`lookup (\S+?):? .*no such host|lookup (\S+): no such host|produced zero addresses|no children to pick from`),
		"There is no host of this name. Check the address."},
	{regexp.MustCompile(`dial tcp (\S+): connect: connection refused`),
		"Nothing listens at $1. Check that the server runs, its host and port."},
	{regexp.MustCompile(`no route to host|network is unreachable`),
		"The host cannot be reached from here. Check the address and the network."},
	{regexp.MustCompile(`i/o timeout`),
		"Nothing answers at that address. Check the address, and the firewalls on the way."},
	{regexp.MustCompile(`deadline exceeded while waiting for connections to become ready`),
		"The deadline passed before there was a connection. " + connectionRemedy},
	{regexp.MustCompile(`keepalive ping failed`),
		"The connection went silent. Check the network and that the server still runs; the work on the server was given up."},
	{regexp.MustCompile(`client connection is closing`),
		"The client was closed, so the call ended. Close it after its last call."},
	{regexp.MustCompile(`received message larger than max`),
		"A message is larger than this client takes. Raise its limit with MaxMessageBytes, or ask for fewer positions."},
}

// What gRPC says first after it made a call again.
var attempts = regexp.MustCompile(`^max retries exhausted: failed after \d+ attempts: rpc error: code = \w+ desc = `)

// inWords puts a failure that no server gave a reason for into words with a remedy.
func inWords(code codes.Code, message string) string {
	for _, fault := range transportFaults {
		if sign := fault.sign.FindStringSubmatchIndex(message); sign != nil {
			return string(fault.sign.ExpandString(nil, fault.words, message, sign))
		}
	}
	message = attempts.ReplaceAllString(message, "")
	said := strings.TrimSuffix(message, ".")
	switch code {
	case codes.DeadlineExceeded:
		return tooLate
	case codes.Canceled:
		return "The call was canceled."
	case codes.Unavailable:
		return said + ". " + connectionRemedy
	case codes.Unimplemented:
		return said + ". Check that this is a Stratalens server of the client's version."
	default:
		return message
	}
}
