package stratalens

import (
	"context"

	"google.golang.org/grpc"

	v1 "stratalens.dev/go/stratalensv1"
)

// Client asks a server. It is safe for concurrent use: one client serves any number of calls over one connection to each address.
//
// A call that the server refuses before it begins is made again, up to three times, after the pause that the server asks for.
// Batches and unloading are not repeated.
type Client struct {
	// Lens, Models and Server are the generated clients, for calls that have no function here.
	Lens   v1.LensServiceClient
	Models v1.ModelServiceClient
	Server v1.ServerServiceClient

	owned *grpc.ClientConn
}

// Over makes a client over a channel that the caller keeps and closes.
func Over(channel grpc.ClientConnInterface) *Client {
	return &Client{
		Lens:   v1.NewLensServiceClient(channel),
		Models: v1.NewModelServiceClient(channel),
		Server: v1.NewServerServiceClient(channel),
	}
}

// Close closes the connection of a client that Connect made. Calls that run end with CodeCanceled.
func (c *Client) Close() error {
	if c.owned == nil {
		return nil
	}
	return c.owned.Close()
}

// Analyze sends a request and waits for its complete result. The end of the context cancels the work on the server.
func (c *Client) Analyze(ctx context.Context, request *v1.AnalyzeRequest) (*Result, error) {
	stream, err := c.Stream(ctx, request)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	return stream.Result()
}

// ServerInfo says what the server is, what it can do, and every limit that it has.
func (c *Client) ServerInfo(ctx context.Context) (*v1.GetServerInfoResponse, error) {
	info, err := c.Server.GetServerInfo(ctx, &v1.GetServerInfoRequest{})
	return info, failureOf(err)
}

// ServedModels are the served models, in order of name.
func (c *Client) ServedModels(ctx context.Context) ([]*v1.ModelStatus, error) {
	var models []*v1.ModelStatus
	request := &v1.ListModelsRequest{}
	for {
		page, err := c.Models.ListModels(ctx, request)
		if err != nil {
			return nil, failureOf(err)
		}
		models = append(models, page.Models...)
		if page.NextPageToken == nil {
			return models, nil
		}
		request.PageToken = page.NextPageToken
	}
}
