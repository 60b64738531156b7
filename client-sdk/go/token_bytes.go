package stratalens

import (
	"fmt"
	"strings"
	"unicode/utf8"

	v1 "stratalens.dev/go/stratalensv1"
)

// textOf reads UTF-8, where bytes that are no whole character are written as <0xE6>.
func textOf(bytes []byte) string {
	if utf8.Valid(bytes) {
		return string(bytes)
	}
	var text strings.Builder
	for len(bytes) > 0 {
		character, size := utf8.DecodeRune(bytes)
		if character == utf8.RuneError && size == 1 {
			fmt.Fprintf(&text, "<0x%02X>", bytes[0])
		} else {
			text.Write(bytes[:size])
		}
		bytes = bytes[size:]
	}
	return text.String()
}

// spellingOf is how the vocabulary writes these bytes.
func spellingOf(bytes []byte, spelling v1.TokenSpelling) string {
	switch spelling {
	case v1.TokenSpelling_TOKEN_SPELLING_BYTE_LEVEL:
		var spelled strings.Builder
		for _, value := range bytes {
			spelled.WriteRune(byteLevelAlphabet[value])
		}
		return spelled.String()
	case v1.TokenSpelling_TOKEN_SPELLING_METASPACE:
		return strings.ReplaceAll(textOf(bytes), " ", "\u2581")
	default:
		return textOf(bytes)
	}
}

// byteLevelAlphabet is GPT-2's table: printable Latin-1 stands for itself, the other bytes are counted up from U+0100.
var byteLevelAlphabet = func() (alphabet [256]rune) {
	next := rune(0x100)
	for value := range alphabet {
		printable := (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD)
		if printable {
			alphabet[value] = rune(value)
		} else {
			alphabet[value] = next
			next++
		}
	}
	return alphabet
}()
