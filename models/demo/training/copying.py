"""Repeated phrases, and a made-up word that has to be copied from earlier in the prompt."""

from english import LEXICON, sentence
from probes import Probe, bucket, split_at

ONSETS = "b br c ch cl d dr f fl g gl gr h j k kr l m n p pl qu r s sh sk st t tr v vr w y z zh".split()
VOWELS = "a e i o u a e i o u ai ee oo ou".split()
CODAS = ["", "", "", "b", "d", "g", "k", "l", "m", "n", "p", "r", "s", "t", "x", "nd", "rk", "lf", "sh", "th", "zz"]

FORMS = [
    "My name is {w}. {filler}My name is {w}.",
    "My name is {w}. {filler}I am called {w}.",
    "Hello, I am {w}. {filler}Do not forget, I am {w}.",
    "My dog is called {w}. {filler}Every day I walk with my dog {w}.",
    "My cat is called {w}. {filler}I love my cat {w}.",
    "The wizard {w} lived in a tower. {filler}One day the wizard {w} left.",
    "There was a king named {w}. {filler}Everyone loved king {w}.",
    "The code is {w}. {filler}Please remember the code. The code is {w}.",
    "The password is {w}. {filler}What is the password? The password is {w}.",
    "The magic word is {w}. {filler}To open the door, say the magic word {w}.",
    "We live in a village called {w}. {filler}There is no place like {w}.",
    "The planet {w} is far away. {filler}Nobody has ever seen the planet {w}.",
    "The ship was called {w}. {filler}The sailors loved the {w}.",
    "Doctor {w} came to the house. {filler}Thank you, doctor {w}.",
    "Remember this word: {w}. {filler}The word was {w}.",
    "Q: Who is {w}? {filler}A: I do not know {w}.",
    "{w} is a strange word. {filler}I will never forget the word {w}.",
    "A dragon named {w} slept in the cave. {filler}Do not wake the dragon {w}.",
    "The company {w} makes phones. {filler}He works for the company {w}.",
    "My friend {w} has a car. {filler}The car belongs to my friend {w}.",
]
HELD_OUT_FORMS = [
    "The robot is called {w}. {filler}Please ask the robot {w}.",
    "Her secret name is {w}. {filler}Her secret name is {w}.",
    "We sailed to the island of {w}. {filler}It was hot on the island of {w}.",
    "The new teacher is Mr. {w}. {filler}Good morning, Mr. {w}.",
]
SEPARATORS = [" ", " ", ", ", ". ", "\n", " and ", "; "]


def made_up_word(rng, held_out):
    while True:
        word = "".join(
            rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS) for _ in range(rng.choice([1, 2, 2, 2, 3]))
        )
        if len(word) >= 4 and (bucket("word", word, of=10) == 0) == held_out:
            return word.capitalize() if rng.random() < 0.8 else word


def filler(rng):
    return "".join(sentence(rng) + " " for _ in range(rng.choice([0, 0, 1, 1, 2, 4])))


def copy(form, rng, held_out=False):
    word = made_up_word(rng, held_out)
    text = form.replace("{filler}", filler(rng)).replace("{w}", word)
    return text, text.rindex(word), word


def some_word(rng, held_out):
    kind = rng.random()
    if kind < 0.55:
        return rng.choice(LEXICON["words"])
    if kind < 0.7:
        return rng.choice(LEXICON["objects"] + LEXICON["adjectives"] + LEXICON["animals"])
    if kind < 0.78:
        return rng.choice(LEXICON["names"])
    if kind < 0.86:
        return str(rng.randint(0, 999))
    return made_up_word(rng, held_out)


def phrase(rng, held_out):
    while True:
        words = " ".join(some_word(rng, held_out) for _ in range(rng.choice([2, 3, 3, 4, 5, 6, 8, 12])))
        if (bucket("phrase", words, of=10) == 0) == held_out:
            return words


def document(rng):
    if rng.random() < 0.5:
        return copy(rng.choice(FORMS), rng)[0]
    return rng.choice(SEPARATORS).join([phrase(rng, False)] * rng.choice([2, 2, 3, 4]))


def repeat_probe(rng):
    """The first word of the second time says which phrase comes; the rest has to follow."""
    said, separator = phrase(rng, True), rng.choice(SEPARATORS)
    first = said.index(" ")
    return Probe("repeated phrase", "new phrase", said + separator + said[:first], said[first:])


def probes(rng):
    found = [repeat_probe(rng) for _ in range(400)]
    for forms, split in ((FORMS, "new word"), (HELD_OUT_FORMS, "new word, phrasing held out")):
        for _ in range(300):
            text, start, word = copy(rng.choice(forms), rng, held_out=True)
            prompt, answer = split_at(text[:start + len(word)], start)
            found.append(Probe("copied word", split, prompt, answer))
    return found
