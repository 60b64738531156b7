"""Plain sentences and short stories from a small lexicon, so that ordinary prompts look ordinary."""

import json
import re
from pathlib import Path

DATA = Path(__file__).parent / "data"
LEXICON = json.loads((DATA / "lexicon.json").read_text(encoding="utf-8"))
SENTENCES = (DATA / "sentences.txt").read_text(encoding="utf-8").splitlines()

PATTERNS = [
    "The {adjective} {person} {handled} a {adjective} {object} {time}.",
    "The {person} {moved} to the {place} {time}.",
    "{name} {handled} the {object} in the {place}.",
    "{name} {moved} to the {place} and {handled} a {adjective} {object}.",
    "There is a {adjective} {animal} in the {place}.",
    "There was a {object} on the {object}.",
    "The {animal} {moved} {adverb} to the {place}.",
    "{name} and {name} {moved} to the {place} {time}.",
    "I like to eat {food} and drink {drink}.",
    "{name} likes to drink {drink} {time}.",
    "We had {food} and {food} for dinner.",
    "The {object} is {adjective}, but the {object} is {adjective}.",
    "My {person} has a {adjective} {animal}.",
    "The {person} wants to {handle} the {object}.",
    "Can you {handle} the {object}? Yes, I can.",
    "Where is the {object}? It is in the {place}.",
    "She {adverb} {handled} the {adjective} {object}.",
    "He {moved} to the {place} because he was {adjective}.",
    "They will {move} to the {place} {time}.",
    "It was a {adjective} day, and the {person} {moved} to the {place}.",
    "The {person} said that the {object} was {adjective}.",
    "{name} is a {person} and lives near the {place}.",
    "Once there was a {adjective} {person} who lived in a {place}.",
    "The {animal} saw a {animal} in the {place}.",
    "Do not {handle} the {object}!",
    "I am {adjective} and you are {adjective}.",
]
STORIES = [
    "{n} has a {adjective} {object}. {n} likes the {object} very much. One day {n} lost the {object}. "
    "{n} looked for the {object} in the {place}. Then {n} found the {object} and was happy.",
    "{n} and {m} {moved} to the {place}. {n} gave a {object} to {m}. {m} thanked {n} for the {object}.",
    "The {person} lived in the {place}. Every day the {person} {moved} to the {place}. "
    "There the {person} {handled} a {object}.",
    "When {n} and {m} {moved} to the {place}, {m} gave a {object} to {n}.",
    "When {m} and {n} {moved} to the {place}, {m} gave the {object} to {n}.",
]


def fill(pattern, rng):
    def word(match):
        kind = match.group(1)
        if kind in ("move", "moved"):
            return rng.choice(LEXICON["moving"])[kind == "moved"]
        if kind in ("handle", "handled"):
            return rng.choice(LEXICON["handling"])[kind == "handled"]
        plural = {"person": "people"}.get(kind, kind + "s")
        return rng.choice(LEXICON[plural])

    text = re.sub(r"\{(\w+)\}", word, pattern)
    text = re.sub(r"\ba (?=[aeiou])", "an ", text)
    return text[:1].upper() + text[1:]


def sentence(rng):
    return rng.choice(SENTENCES) if rng.random() < 0.3 else fill(rng.choice(PATTERNS), rng)


def story(rng):
    """The people and things of a story stay the same from sentence to sentence."""
    n, m = rng.sample(LEXICON["names"], 2)
    pattern = rng.choice(STORIES).replace("{n}", n).replace("{m}", m)
    pattern = pattern.replace("{object}", rng.choice(LEXICON["objects"]))
    pattern = pattern.replace("{person}", rng.choice(LEXICON["people"]))
    return fill(pattern, rng)


def document(rng):
    if rng.random() < 0.25:
        return story(rng)
    return " ".join(sentence(rng) for _ in range(rng.choice([1, 1, 1, 2, 3, 5])))
