"""Days, months, letters and numbers in order, and what comes after or before one of them."""

from string import ascii_lowercase, ascii_uppercase

from probes import Probe, bucket
from sums import in_words

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
CYCLES = {"day": DAYS, "month": MONTHS}
LINES = {
    "letter": list(ascii_uppercase),
    "small letter": list(ascii_lowercase),
    "number word": [in_words(n) for n in range(1, 21)],
}
STEPS = [1, 1, 1, 2, 2, 3, 5, 10, -1, -1, -2, -5]
SEPARATORS = [", ", ", ", " ", "\n", " -> "]
SUCCESSORS = {
    "day": ["The day after {x} is {after}.", "After {x} comes {after}.", "The day before {after} is {x}.",
            "Today is {x}, so tomorrow is {after}.", "What day comes after {x}? {after}.",
            "If today is {x}, tomorrow will be {after}."],
    "month": ["The month after {x} is {after}.", "After {x} comes {after}.", "The month before {after} is {x}.",
              "What month comes after {x}? {after}.", "{x} is followed by {after}."],
    "letter": ["The letter after {x} is {after}.", "After {x} comes {after}.", "The letter before {after} is {x}.",
               "What letter comes after {x}? {after}."],
    "number": ["The number after {x} is {after}.", "After {x} comes {after}.", "The number before {after} is {x}.",
               "What number comes after {x}? {after}."],
}


def run(kind, start, step, length):
    """A stretch of the sequence, shorter where it ends; days and months go round."""
    if kind in CYCLES:
        cycle = CYCLES[kind]
        return [cycle[(start + i) % len(cycle)] for i in range(length)]
    if kind in LINES:
        return LINES[kind][start:start + length]
    values = [start + i * step for i in range(length)]
    return [str(value) for value in values if 0 <= value <= 150]


def is_held_out(kind, start, step):
    return bucket("sequence", kind, start, step, of=8) == 0


def some_start(kind, step, rng):
    if kind == "number":
        return rng.randint(0, 100) if abs(step) < 10 else rng.choice(range(0, 60, 10))
    return rng.randrange(len(CYCLES.get(kind) or LINES[kind]) - (0 if kind in CYCLES else 4))


def sequence(rng):
    kind = rng.choices(["day", "month", "letter", "small letter", "number word", "number"], [3, 3, 3, 1, 2, 9])[0]
    step = rng.choice(STEPS) if kind == "number" else 1
    while is_held_out(kind, start := some_start(kind, step, rng), step):
        pass
    return rng.choice(SEPARATORS).join(run(kind, start, step, rng.randint(4, 14)))


def neighbors(kind):
    if kind in CYCLES:
        return list(zip(CYCLES[kind], CYCLES[kind][1:] + CYCLES[kind][:1]))
    items = LINES["letter"] if kind == "letter" else [str(n) for n in range(101)]
    return list(zip(items, items[1:]))


def successor_is_held_out(form, x):
    return bucket("successor", form, x, of=10) == 0


def successor(rng):
    while True:
        kind = rng.choice(list(SUCCESSORS))
        form, (x, after) = rng.choice(SUCCESSORS[kind]), rng.choice(neighbors(kind))
        if not successor_is_held_out(form, x):
            return form.format(x=x, after=after)


def document(rng):
    if rng.random() < 0.65:
        return sequence(rng)
    return " ".join(successor(rng) for _ in range(rng.choice([1, 1, 1, 2, 3])))


def sequence_probes(rng):
    for kind in list(CYCLES) + list(LINES) + ["number"]:
        for step in sorted(set(STEPS)) if kind == "number" else [1]:
            size = 101 if kind == "number" else len(CYCLES.get(kind) or LINES[kind])
            for start in range(0, size, 10 if abs(step) == 10 else 1):
                items = run(kind, start, step, 5)
                if len(items) < 5:
                    continue
                separator = rng.choice([", ", " "])
                prompt = separator.join(items[:-1]) + separator.rstrip()
                split = "start held out" if is_held_out(kind, start, step) else "seen"
                yield Probe("sequence", split, prompt, " " + items[-1])


def successor_probes():
    for kind, forms in SUCCESSORS.items():
        for form in forms:
            for x, after in neighbors(kind):
                asked, answer = ("{after}", after) if form.rindex("{after}") > form.rindex("{x}") else ("{x}", x)
                before = form.rpartition(asked)[0].format(x=x, after=after)
                split = "pair held out" if successor_is_held_out(form, x) else "seen"
                yield Probe("after and before", split, before.removesuffix(" "), " " + answer)


def probes(rng):
    return list(sequence_probes(rng)) + list(successor_probes())
