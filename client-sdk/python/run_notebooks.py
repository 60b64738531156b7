"""Executes notebooks, each in a kernel of its own: run_notebooks.py NOTEBOOK...

Fails if a cell fails, or if one was saved with its output.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def main(*notebooks: str) -> None:
    os.environ.setdefault("STRATALENS", str(Path(__file__).resolve().parents[2] / "stratalens"))
    for name in notebooks:
        notebook = nbformat.read(name, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        if any(cell.outputs or cell.execution_count for cell in code):
            sys.exit(f"{name} has outputs; clear them before it is committed")
        begun = time.monotonic()
        its_folder = {"metadata": {"path": str(Path(name).parent)}}  # the current one, as in JupyterLab
        client = NotebookClient(
            notebook, timeout=300, kernel_name="python3", extra_arguments=["--log-level=40"], resources=its_folder
        )
        client.execute()
        shown = [output.get("data", {}) for cell in code for output in cell.outputs]
        viewers = sum("iframe" in data.get("text/html", "") for data in shown)
        figures = sum("image/png" in data for data in shown)
        if figures < sum("plot(" in cell.source or "plt." in cell.source for cell in code):
            sys.exit(f"{name} draws figures that it does not show")
        print(f"{name}: {len(code)} cells, {viewers} viewers, {figures} figures, {time.monotonic() - begun:.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
