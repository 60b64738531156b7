"""The page: data, script and style in one file, which opens offline and sends no request."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from stratalens._page.block import Block
from stratalens._page.packed import packed

if TYPE_CHECKING:
    from stratalens.result import LensResult

_THEMES = ("auto", "light", "dark")


def page(results: list[LensResult], title: str, theme: str = "auto") -> str:
    """A page of one result, or of two that are linked. Its policy allows only its own scripts and style, by their hashes."""
    if theme not in _THEMES:
        raise ValueError(f"there is no theme {theme!r}; choose from {', '.join(_THEMES)}")
    style, script, loader = _bundle("report.css"), _bundle("report.js"), _bundle("load.js")
    blocks = [Block(result) for result in results]
    options = {
        "title": title,
        "theme": theme,
        "results": len(results),
        "origin": {"date": date.today().isoformat(), "version": version("stratalens")},
    }
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"script-src {_hash(loader)} {_hash(script)}; style-src {_hash(style)}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<title>{html.escape(title)}</title>\n<link rel="icon" href="data:,">\n<style>{style}</style>\n</head>\n<body>\n'
        "<noscript>This page draws its data with JavaScript, which is switched off here.</noscript>\n",
        # No < that could end the element.
        f'<script type="application/json" id="report">{json.dumps(options).replace("<", chr(92) + "u003c")}</script>\n',
        *(_part(f"result-{i}-head", block.head()) for i, block in enumerate(blocks)),
        _part("script", _packed_script()),
        f"<script>{loader}</script>\n",
        # The last page first: the view starts there.
        *(_part(f"result-{i}-page-{block.pages - 1}", block.page(block.pages - 1)) for i, block in enumerate(blocks)),
        *(_part(f"result-{i}-page-{at}", block.page(at)) for i, block in enumerate(blocks) for at in range(block.pages - 1)),
        "</body>\n</html>\n",
    ]
    return "".join(parts)


def _part(name: str, text: str) -> str:
    return f'<script type="application/octet-stream" id="{name}">{text}</script>\n'


@cache
def _bundle(name: str) -> str:
    return (files("stratalens._page") / "bundle" / name).read_text(encoding="utf-8")


@cache
def _packed_script() -> str:
    return packed(_bundle("report.js").encode())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
