package stratalens

import (
	"fmt"

	v1 "stratalens.dev/go/stratalensv1"
)

// vocabulary holds the texts of a stream's ids, from its token tables.
type vocabulary struct {
	spelling v1.TokenSpelling
	size     int32
	tokens   map[int32]Token
}

func newVocabulary(spelling v1.TokenSpelling, size int32) *vocabulary {
	return &vocabulary{spelling: spelling, size: size, tokens: map[int32]Token{}}
}

func (v *vocabulary) add(table *v1.TokenTable) {
	ids, texts := table.GetIds(), table.GetTexts()
	require(len(ids) == len(texts), "a token table has %d ids but %d texts", len(ids), len(texts))
	irregular := irregularSpellings(table)
	for i, id := range ids {
		require(id >= 0 && id < v.size, "token id %d is outside the vocabulary of %d", id, v.size)
		_, known := v.tokens[id]
		require(!known, "the text of token id %d came twice", id)
		raw, isIrregular := irregular[id]
		if !isIrregular {
			raw = spellingOf(texts[i], v.spelling)
		}
		delete(irregular, id)
		v.tokens[id] = Token{ID: int(id), Raw: raw, Text: shownText(id, raw, texts[i])}
	}
	require(len(irregular) == 0, "spellings came for %d ids without text", len(irregular))
}

// get gives the token of an id whose text must be known by now.
func (v *vocabulary) get(id int32) Token {
	token, known := v.tokens[id]
	require(known, "token id %d is used before its text came", id)
	return token
}

func irregularSpellings(table *v1.TokenTable) map[int32]string {
	ids, spellings := table.GetIrregularIds(), table.GetIrregularSpellings()
	require(len(ids) == len(spellings), "a token table has %d irregular ids but %d spellings", len(ids), len(spellings))
	irregular := make(map[int32]string, len(ids))
	for i, id := range ids {
		irregular[id] = spellings[i]
	}
	return irregular
}

// shownText is what an id stands for. One that stands for no bytes is shown as it is spelled, or else by its id.
func shownText(id int32, raw string, bytes []byte) string {
	switch {
	case len(bytes) > 0:
		return textOf(bytes)
	case raw != "":
		return raw
	default:
		return fmt.Sprintf("<unused_%d>", id)
	}
}
