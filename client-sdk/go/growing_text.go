package stratalens

// growingText is a prompt and what is generated after it, with the place of each token.
type growingText struct {
	tokens []PromptToken
	text   string
	// Whether the prompt was given as ids, so that tokens have no places.
	ofIDs bool
	// Tokens at the end that are fragments of a character that is not complete.
	fragments int
}

// add adds a token; fragments of one character share its range.
func (g *growingText) add(token Token, completed string) {
	if g.ofIDs {
		g.tokens = append(g.tokens, PromptToken{Token: token, Start: -1, End: -1})
		return
	}
	start := len(g.text)
	g.text += completed
	g.tokens = append(g.tokens, PromptToken{Token: token, Start: start, End: len(g.text)})
	if completed == "" {
		g.fragments++
		return
	}
	for i := len(g.tokens) - 1 - g.fragments; i < len(g.tokens); i++ {
		g.tokens[i].Start, g.tokens[i].End = start, len(g.text)
	}
	g.fragments = 0
}
