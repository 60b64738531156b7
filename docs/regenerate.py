"""Makes again what the docs show: the output of the guides' commands and every picture in docs/images.

A command of a guide is a line that begins with "$ " in a block of text; its output goes into the guide, and its picture into docs/images.
The screenshots need Node.js and a Chromium; `npm ci --prefix client-sdk/viewer` fetches what drives it. Run it from anywhere.
"""

import pathlib
import re
import shlex
import subprocess
import sys
import time

DOCS = pathlib.Path(__file__).resolve().parent
ROOT = DOCS.parent
IMAGES = DOCS / "images"
GUIDES = [DOCS / "reading-the-lens.md", DOCS / "which-lens.md"]

CAPITALS = "The capital of France is Paris. The capital of Italy is Rome. The capital of Spain is Madrid. The capital of Germany is"
# Pictures that no guide's command draws: for light pages, and for dark ones.
DRAWN = {
    "capital-of-france": ["The capital of France is"],
    "rank-of-next": [CAPITALS, "--target", "next", "--color", "rank", "--stride", "3", "--width", "180mm", "--font-size", "7pt"],
}
SCREENSHOTS = ["viewer.png", "explorer.png", "explorer-change.png"]


def output(*command):
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def shown(part):
    """A command and its output, cut where it was cut before."""
    command, _, before = part.rstrip("\n").partition("\n")
    lines = output(*shlex.split(command)).rstrip("\n").split("\n")
    if before.endswith("\n..."):
        lines[before.count("\n"):] = ["..."]
    return "\n".join([f"$ {command}", *lines]).rstrip("\n")


def block(match):
    return "```text\n" + "\n".join(map(shown, re.split(r"^\$ ", match[1], flags=re.MULTILINE)[1:])) + "\n```"


def main():
    begin = time.time()
    for guide in GUIDES:
        guide.write_text(re.sub(r"```text\n(\$ .*?)\n```", block, guide.read_text("utf-8"), flags=re.DOTALL), "utf-8")
    for name, words in DRAWN.items():
        for suffix, theme in (("", "light"), ("-dark", "dark")):
            output("./stratalens", "analyze", *words, "--theme", theme, "--output", str(IMAGES / f"{name}{suffix}.svg"))
    output("node", "client-sdk/viewer/test/screenshots.mjs", *(str(IMAGES / name) for name in SCREENSHOTS))
    left = sorted(picture.name for picture in IMAGES.iterdir() if picture.stat().st_mtime < begin)
    if left:
        sys.exit(f"nothing draws {', '.join(left)}: delete them, or draw them here")


main()
