// Package stratalens asks a Stratalens server for the logit lens: what a language model would predict if it stopped after
// each layer.
//
//	client, err := stratalens.Connect("localhost:50061", stratalens.Plaintext())
//	...
//	defer client.Close()
//	result, err := client.Analyze(ctx, stratalens.Ask("The capital of France is"))
//
// A request is a message of the contract. [Ask] makes one, and options fill it; an option is a function over the message, so
// a program can set every field that the contract has. A result is complete or it is an error: order, shape and completeness
// of everything that comes are verified. Every failure of a call is an [Error] with a code, and a message that names the
// remedy.
//
// The package stratalensv1 is the code generated from the contract.
package stratalens
