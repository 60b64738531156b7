package stratalens

import "fmt"

// brokenStream is the panic of a reader that met what contradicts the contract. The assembler recovers it.
type brokenStream string

// require refuses what contradicts the contract; the message says what was expected and what came.
func require(holds bool, message string, arguments ...any) {
	if !holds {
		refuse(message, arguments...)
	}
}

func refuse(message string, arguments ...any) {
	panic(brokenStream(fmt.Sprintf(message, arguments...)))
}

// recoverBroken is deferred by assemblers: it makes the panic of a reader an error.
func recoverBroken(err *error) {
	switch broken := recover().(type) {
	case nil:
	case brokenStream:
		*err = broken.asError()
	default:
		panic(broken)
	}
}

func (b brokenStream) asError() *Error {
	return &Error{
		Code: CodeBrokenStream,
		Message: "The server's answer cannot be used: " + string(b) +
			". Nothing of it was kept; if client and server are of the same version, report it.",
	}
}
