"""Writes the Parquet files of this folder, as other programs write them. Run with pyarrow."""

import pathlib

import pyarrow
import pyarrow.parquet

FOLDER = pathlib.Path(__file__).parent
TABLE = pyarrow.table(
    {
        "text": ["The capital of France is Paris.", "", None, "Größe: 5 µm", "one\ntwo"],
        "name": ["a", "b", "c", "d", "e"],
        "number": pyarrow.array([7, 8, 9, 10, 11], pyarrow.int64()),
        "tags": [["x"], [], None, ["y", None], ["z"]],
        "deep": pyarrow.array(
            [[[1.0, 2.0], [], None], [], None, [[3.0]], [[None, 4.0], [5.0]]], pyarrow.list_(pyarrow.list_(pyarrow.float32()))
        ),
    }
)

for codec in ("none", "snappy", "gzip", "zstd", "lz4", "brotli"):
    pyarrow.parquet.write_table(TABLE, FOLDER / f"{codec}.parquet", compression=codec, row_group_size=2)
pyarrow.parquet.write_table(TABLE, FOLDER / "pages-2.parquet", data_page_version="2.0", version="1.0", use_dictionary=False)
