"""Facts about countries, landmarks, opposites, colors and animals, said in many ways."""

import json

import english
from probes import Probe, bucket, split_at
from tables import COUNTRIES, DATA, has_one_answer, key_of, subjects
from wording import answer_field, as_people_type_it, capitalized, fields, fits, lead_in, render, takes_lead_in

PHRASINGS = json.loads((DATA / "phrasings.json").read_text(encoding="utf-8"))
LEAD_INS = json.loads((DATA / "lead_ins.json").read_text(encoding="utf-8"))

WEIGHTS = {
    "capital": 30, "capital of": 14, "language": 13, "language of": 4, "currency": 13,
    "currency of": 4, "continent": 11, "two steps": 9, "analogy": 8, "landmark city": 4,
    "landmark country": 2, "opposite": 5, "colour": 3, "animal": 3,
}
COUNTRY_RELATIONS = ["capital", "capital of", "language", "currency", "continent", "two steps"]


def composition_is_held_out(relation, row):
    """For a sixth of the countries no sentence goes from the capital to the other facts."""
    return relation == "two steps" and bucket("composition", key_of(row), of=6) == 0


def pair_is_held_out(relation, row, template):
    return bucket(relation, key_of(row), template, of=10) == 0


def in_training(relation, row, template):
    return (
        fits(relation, row, template)
        and not composition_is_held_out(relation, row)
        and not pair_is_held_out(relation, row, template)
    )


def some_template(relation, rng):
    """The first phrasing is the plain one, and comes as often as any five others."""
    templates = PHRASINGS[relation]["train"]
    return templates[0] if rng.random() < 5 / (len(templates) + 4) else rng.choice(templates)


def training_sentence(relation, row, rng, template=None):
    values = fields(relation, row, rng)
    if relation == "language of":
        values["language"] = rng.choice(row["languages"].split(";"))
    for _ in range(1 if template else 20):
        chosen = template or some_template(relation, rng)
        if in_training(relation, row, chosen):
            text, start = render(chosen, values, as_people_type_it(values, row, rng))
            if takes_lead_in(chosen) and rng.random() < 0.25:
                text, _ = lead_in(rng.choice(LEAD_INS["train"]), chosen, text, start)
            return capitalized(text)
    return None


def pick(relation, rng):
    rows = subjects(relation)
    if relation in ("language of", "currency of") and rng.random() < 0.6:
        rows = [row for row in rows if has_one_answer(relation, row)]
    return rng.choice(rows)


def some_relation(rng, relations=tuple(WEIGHTS)):
    return rng.choices(relations, [WEIGHTS[name] for name in relations])[0]


def sentences_of(shape, rng):
    if shape < 0.6:
        relation = some_relation(rng)
        return [training_sentence(relation, pick(relation, rng), rng)]
    if shape < 0.75:
        row = rng.choice(COUNTRIES)
        count = rng.randint(2, 5)
        return [training_sentence(some_relation(rng, COUNTRY_RELATIONS), row, rng) for _ in range(count)]
    if shape < 0.87:
        mixed = [english.sentence(rng)] if rng.random() < 0.4 else []
        for _ in range(rng.randint(1, 5)):
            relation = some_relation(rng)
            mixed.append(training_sentence(relation, pick(relation, rng), rng))
        return mixed
    relation = some_relation(rng)
    template = rng.choice(PHRASINGS[relation]["train"])
    return [training_sentence(relation, pick(relation, rng), rng, template) for _ in range(rng.randint(2, 7))]


def document(rng):
    """One fact, or several: about one country, about anything, or in the same words."""
    sentences = [sentence for sentence in sentences_of(rng.random(), rng) if sentence]
    separator = "\n" if any("\n" in s or "->" in s or s[-1] not in ".?!" for s in sentences) else " "
    text = separator.join(sentences)
    case = rng.random()
    if case < 0.05:
        return text.lower()
    if case < 0.12:
        return text[:1].lower() + text[1:]
    return text


def probe(relation, split, row, template, rng, form="{}"):
    text, start = render(template, fields(relation, row, rng))
    if form != "{}":
        text, start = lead_in(form, template, text, start)
    prompt, answer = split_at(capitalized(text), start)
    tail = template.rpartition("{" + answer_field(template) + "}")[2]
    return Probe(relation, split, prompt, answer.removesuffix(tail))


def split_of(relation, row, template):
    if composition_is_held_out(relation, row):
        return "composition unseen"
    return "pair held out" if pair_is_held_out(relation, row, template) else "seen"


def probes_of(relation, row, rng):
    phrasings = PHRASINGS[relation]
    unseen = composition_is_held_out(relation, row)
    for template in phrasings["train"]:
        if fits(relation, row, template):
            yield probe(relation, split_of(relation, row, template), row, template, rng)
            if not unseen and takes_lead_in(template) and rng.random() < 0.1:
                yield probe(relation, "lead-in held out", row, template, rng, rng.choice(LEAD_INS["held_out"]))
    for template in phrasings["held_out"]:
        if fits(relation, row, template) and not unseen:
            yield probe(relation, "phrasing held out", row, template, rng)


def probes(rng):
    return [
        probe
        for relation in PHRASINGS
        for row in subjects(relation)
        if has_one_answer(relation, row)
        for probe in probes_of(relation, row, rng)
    ]
