"""The tables of facts, and which of their rows answer a question in one way only."""

import csv
from collections import Counter
from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_table(name):
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def with_article(row):
    return f"{row['article']} {row['name']}" if row["article"] else row["name"]


COUNTRIES = read_table("countries.tsv")
TABLES = {
    "landmark city": read_table("landmarks.tsv"),
    "landmark country": read_table("landmarks.tsv"),
    "opposite": read_table("opposites.tsv"),
    "colour": read_table("colours.tsv"),
    "animal": read_table("animals.tsv"),
}
SPEAKERS = Counter(language for row in COUNTRIES for language in row["languages"].split(";"))
USERS = Counter(row["currency"] for row in COUNTRIES)
ADJECTIVES = Counter(row["adjective"] for row in COUNTRIES)


def subjects(relation):
    return TABLES.get(relation, COUNTRIES)


def key_of(row):
    return next(iter(row.values()))


def has_one_answer(relation, row):
    if relation == "language of":
        return SPEAKERS[row["languages"].split(";")[0]] == 1
    if relation == "currency of":
        return USERS[row["currency"]] == 1
    return True
