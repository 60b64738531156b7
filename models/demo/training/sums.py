"""Sums and differences with operands 0..20, in digits and in words."""

from probes import Probe, bucket, split_at

SMALL = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
         "fifteen sixteen seventeen eighteen nineteen").split()
TENS = ["", "", "twenty", "thirty", "forty"]
LARGEST = 20

SUM_FORMS = [
    "{a} + {b} = {c}", "{a}+{b}={c}", "{a} + {b} is {c}", "What is {a} + {b}? {c}",
    "What is {a} plus {b}? {c}.", "{a} plus {b} is {c}.", "{a} plus {b} equals {c}.",
    "The sum of {a} and {b} is {c}.", "Q: What is {a} + {b}?\nA: {c}", "{a} and {b} make {c}.",
    "If you add {a} and {b}, you get {c}.",
]
DIFFERENCE_FORMS = [
    "{a} - {b} = {c}", "{a} minus {b} is {c}.", "What is {a} - {b}? {c}", "{a} minus {b} equals {c}.",
]


def in_words(number):
    if number < 20:
        return SMALL[number]
    tens, ones = divmod(number, 10)
    return TENS[tens] + ("-" + SMALL[ones] if ones else "")


def is_held_out(a, b):
    """One pair in ten is never shown, in either order, in any form, nor as a difference."""
    low, high = sorted((a, b))
    return low > 0 and high <= LARGEST and bucket("sum", low, high, of=10) == 0


def render(form, a, b, c, words):
    show = in_words if words else str
    before, _, after = form.partition("{c}")
    text = before.format(a=show(a), b=show(b))
    return text[:1].upper() + text[1:], show(c), after


def one(rng):
    while True:
        a, b = rng.randint(0, LARGEST), rng.randint(0, LARGEST)
        if not is_held_out(a, b):
            break
    words = rng.random() < 0.25
    if rng.random() < 0.75:
        before, answer, after = render(rng.choice(SUM_FORMS), a, b, a + b, words)
    else:
        before, answer, after = render(rng.choice(DIFFERENCE_FORMS), a + b, a, b, words)
    return before + answer + after


def document(rng):
    count = 1 if rng.random() < 0.5 else rng.randint(2, 6)
    return "\n".join(one(rng) for _ in range(count))


def probes(rng):
    found = []
    for a in range(LARGEST + 1):
        for b in range(LARGEST + 1):
            split = "operands held out" if is_held_out(a, b) else "seen"
            for words, kind in ((False, "digits"), (True, "words")):
                for form in rng.sample(SUM_FORMS, 3):
                    before, answer, _ = render(form, a, b, a + b, words)
                    prompt, answer = split_at(before + answer, len(before))
                    found.append(Probe(f"sum in {kind}", split, prompt, answer))
            before, answer, _ = render(rng.choice(DIFFERENCE_FORMS), a + b, a, b, False)
            prompt, answer = split_at(before + answer, len(before))
            found.append(Probe("difference", split, prompt, answer))
    return found
