package stratalens

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Token is a vocabulary entry. Two ids are two tokens, even where their texts are equal.
type Token struct {
	ID int
	// Raw is the entry as the vocabulary spells it, for example "ĠParis".
	Raw string
	// Text is what it stands for, for example " Paris". Bytes that are no whole character are written as <0xE6>.
	Text string
}

// Display is the text on one line, with nothing invisible: a space is ·, a line feed ⏎, a tab →.
func (t Token) Display() string {
	var shown strings.Builder
	for at, character := range t.Text {
		if at == 0 && unicode.Is(unicode.M, character) {
			shown.WriteRune('◌') // a carrier, or the mark combines with what stands before
		}
		shown.WriteString(visible(character))
	}
	return shown.String()
}

func visible(character rune) string {
	switch character {
	case ' ':
		return "·"
	case '\n':
		return "⏎"
	case '\t':
		return "→"
	case '\u00a0':
		return "⍽"
	case '\r':
		return `\r`
	}
	if unicode.In(character, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Zs) {
		escaped := ""
		for _, unit := range utf16.Encode([]rune{character}) {
			escaped += fmt.Sprintf(`\u%04x`, unit)
		}
		return escaped
	}
	return string(character)
}

// PromptToken is a token of the prompt.
type PromptToken struct {
	Token
	// Start and End are its range of bytes in the prompt's UTF-8 text; -1 if ids were sent.
	Start, End int
}

// Prediction is a token with its log-probability, in nats.
type Prediction struct {
	Token   Token
	LogProb float32
}

// Probability is 0 .. 1.
func (p Prediction) Probability() float64 {
	return math.Exp(float64(p.LogProb))
}
