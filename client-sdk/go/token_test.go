package stratalens

import (
	"testing"

	v1 "stratalens.dev/go/stratalensv1"
)

func TestDisplay(t *testing.T) {
	for text, shown := range map[string]string{
		" Paris":     "·Paris",
		"a\n\t":      "a⏎→",
		"\u0301e":    "◌\u0301e",
		"\u200b":     `\u200b`,
		"\U000E0001": `\udb40\udc01`,
		"国":          "国",
	} {
		if display := (Token{Text: text}).Display(); display != shown {
			t.Errorf("%q is shown as %q, not %q", text, display, shown)
		}
	}
}

func TestBytesThatAreNoWholeCharacter(t *testing.T) {
	bytes := []byte{'a', 0xE5, 0x9B, ' '}
	if text := textOf(bytes); text != "a<0xE5><0x9B> " {
		t.Error(text)
	}
	if spelling := spellingOf([]byte(" é"), v1.TokenSpelling_TOKEN_SPELLING_BYTE_LEVEL); spelling != "ĠÃ©" {
		t.Error(spelling)
	}
	if spelling := spellingOf([]byte(" a b"), v1.TokenSpelling_TOKEN_SPELLING_METASPACE); spelling != "▁a▁b" {
		t.Error(spelling)
	}
}
