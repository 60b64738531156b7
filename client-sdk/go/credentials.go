package stratalens

import (
	"context"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// keyCredentials sends a key with every call. That it stays on this machine or goes over TLS is checked by Connect.
type keyCredentials struct {
	header string
	prefix string
	key    func() string
}

func (c keyCredentials) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	key := c.key()
	if strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, status.Errorf(codes.Unauthenticated,
			"The key for %s has a character that a header cannot have, such as a line feed at its end. Give the key alone.", c.header)
	}
	return map[string]string{c.header: c.prefix + key}, nil
}

func (keyCredentials) RequireTransportSecurity() bool {
	return false
}
