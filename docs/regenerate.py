"""Runs every command of the guides again: its output goes into the guide, its pictures into docs/images.

A command is a line that begins with "$ " in a block of text. Needs nothing but Python; run it from anywhere.
"""

import pathlib
import re
import shlex
import subprocess

DOCS = pathlib.Path(__file__).resolve().parent
GUIDES = [DOCS / "reading-the-lens.md", DOCS / "which-lens.md"]


def output(command):
    return subprocess.run(shlex.split(command), cwd=DOCS.parent, check=True, capture_output=True, text=True).stdout


def block(match):
    commands = re.findall(r"^\$ (.*)$", match[1], re.MULTILINE)
    return "```text\n" + "".join(f"$ {command}\n{output(command)}" for command in commands).rstrip("\n") + "\n```"


for guide in GUIDES:
    guide.write_text(re.sub(r"```text\n(\$ .*?)\n```", block, guide.read_text("utf-8"), flags=re.DOTALL), "utf-8")
