package stratalens

import "context"

// keyCredentials sends a key with every call. That it stays on this machine or goes over TLS is checked by Connect.
type keyCredentials struct {
	header string
	prefix string
	key    func() string
}

func (c keyCredentials) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{c.header: c.prefix + c.key()}, nil
}

func (keyCredentials) RequireTransportSecurity() bool {
	return false
}
