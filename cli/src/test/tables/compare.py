"""Compares two tables of a batch with its file of JSON lines: compare.py RESULTS BY-POSITION BY-LAYER QUERY"""

import json
import math
import sys

import duckdb
import pyarrow.dataset

# Which prompts were computed together shows in the last digits.
TOLERANCE = 2e-3

results, by_position, by_layer, query = sys.argv[1:]

cells = {}
with open(results, encoding="utf-8") as lines:
    for line in map(json.loads, lines):
        result = line["result"]
        points = [-1 if point["site"] == "embedding" else point["block"] for point in result["read_points"]]
        for reading in result["readings"]:
            for index, position in enumerate(result["positions"]):
                cells[line["id"], position, points[reading["read_point"]]] = {
                    "entropy": reading["columns"]["entropy"][index],
                    "kl_from_final": reading["columns"]["kl-from-final"][index],
                    "top_ids": reading["ids"][index],
                    "top_log_probs": reading["log_probs"][index],
                    "target_ranks": reading["ranks"][index],
                    "target_log_probs": reading["target_log_probs"][index],
                }


def same(one, other) -> bool:
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if one is None or other is None or isinstance(one, int):
        return one == other
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def compare(key: tuple, row: dict) -> None:
    expected = cells[key]
    # Tokens that are nearly as likely may change places.
    for name in ("entropy", "kl_from_final", "top_log_probs", "target_log_probs"):
        if not same(expected[name], row[name]):
            sys.exit(f"{name} of {key} is {row[name]}, not {expected[name]}")
    seen[key] = expected["top_ids"] == row["top_ids"] and expected["target_ranks"] == row["target_ranks"]


for table in (by_position, by_layer):
    seen = {}
    for row in pyarrow.dataset.dataset(table).to_table().to_pylist():
        if table == by_layer:
            compare((row["id"], row["position"], row["layer"]), row)
            continue
        for index, layer in enumerate(row["layer"]):
            compare((row["id"], row["position"], layer), {name: row[name][index] for name in next(iter(cells.values()))})
    if seen.keys() != cells.keys() or sum(seen.values()) < 0.99 * len(cells):
        sys.exit(f"{table} has {len(seen)} cells, {sum(seen.values())} with the same tokens, of {len(cells)}")

with open(query, encoding="utf-8") as text:
    rows = duckdb.sql(text.read()).fetchall()
for layer, positions, mean, median in rows:
    values = sorted(cell["entropy"] for key, cell in cells.items() if key[2] == layer)
    middle = len(values) // 2
    exact = values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
    if positions != len(values) or not same(sum(values) / len(values), mean) or not same(exact, median):
        sys.exit(f"layer {layer}: {positions}, {mean}, {median} by DuckDB")
print(f"{len(cells)} cells are the same in both tables; DuckDB has the means and medians of {len(rows)} layers")
