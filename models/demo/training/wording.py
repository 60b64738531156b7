"""Puts a row of a table into a sentence; the last field of a template is its answer."""

import re
from string import Formatter

from tables import ADJECTIVES, COUNTRIES, subjects, with_article


def fields_of_template(template):
    return [name for _, name, _, _ in Formatter().parse(template) if name]


def answer_field(template):
    return fields_of_template(template)[-1]


def fits(relation, row, template):
    """Whether the sentence says something definite about this row."""
    names = fields_of_template(template)
    if "adjective" in names:
        return ADJECTIVES[row["adjective"]] == 1 and row["adjective"] != row["name"]
    if relation == "two steps" or relation == "capital of":
        return row["capital"] != row["name"]
    return True


def country_fields(row, prefix=""):
    return {
        prefix + "country": with_article(row),
        prefix + "bare": row["name"],
        prefix + "adjective": row["adjective"],
        prefix + "capital": row["capital"],
        prefix + "language": row["languages"].split(";")[0],
        prefix + "currency": row["currency"],
        prefix + "continent": row["continent"],
    }


def other_than(row, rows, rng):
    while True:
        other = rng.choice(rows)
        if other is not row:
            return other


def fields(relation, row, rng):
    if relation in ("landmark city", "landmark country"):
        return {"landmark": row["landmark"], "city": row["city"], "land": row["country"]}
    if relation in ("colour", "animal"):
        return dict(row)
    if relation == "opposite":
        other = other_than(row, subjects(relation), rng)
        return {**row, "other_word": other["word"], "other_opposite": other["opposite"]}
    values = country_fields(row)
    if relation == "analogy":
        values |= country_fields(other_than(row, COUNTRIES, rng), "other_")
    return values


def as_people_type_it(values, row, rng):
    """Other names of a country or capital, and a forgotten article; never used for an answer."""
    if "country" not in values:
        return values
    typed = dict(values)
    aliases = row["aliases"].split(";") if row["aliases"] else []
    if aliases and rng.random() < 0.3:
        typed["country"] = rng.choice(aliases)
        typed["bare"] = typed["country"].removeprefix("the ")
    elif row["article"] and rng.random() < 0.1:
        typed["country"] = row["name"]
    if row["capital_aliases"] and rng.random() < 0.2:
        typed["capital"] = rng.choice(row["capital_aliases"].split(";"))
    return typed


def render(template, values, typed=None):
    """The sentence, and where its answer (the last field) starts."""
    typed = typed or values
    last = answer_field(template)
    head, _, tail = template.rpartition("{" + last + "}")
    before = head.format(**typed)
    before = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", before)
    if last == "young" and re.search(r"\b[Aa] $", before) and values[last][0] in "aeiou":
        before = before[:-1] + "n "
    return before + values[last] + tail.format(**typed), len(before)


def capitalized(text):
    return text[:1].upper() + text[1:]


def takes_lead_in(template):
    """Plain statements can follow "I know that"; questions, lists and labels cannot."""
    return template.endswith(".") and "?" not in template and "\n" not in template and template.count(".") == 1


def lead_in(form, template, text, start):
    """The sentence as part of a longer one, and where its answer starts now."""
    if template[0] != "{" and not template.startswith("I "):
        text = text[:1].lower() + text[1:]
    return form.format(text), start + form.index("{}")
