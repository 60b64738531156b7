"""Copies the pages of the project, and the files that they show or link to, into a folder for mkdocs: stage.py FOLDER

The folder has the layout of the project, so that links stay as they are.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
FIRST = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
REFERENCE = "docs/proto-reference.md"
# The site has a page made of these files.
SHOWN_AS = {"proto/src/main/proto/stratalens/v1": REFERENCE}
LINK = re.compile(r'(\]\(|(?:src|srcset|href)="|^\[[^\]]+\]: +)([^)\s"#]+)', re.MULTILINE)

# What a link to a folder leads to.
LISTING = "files.md"


def tracked(folder: Path) -> list[str]:
    listed = subprocess.run(["git", "ls-files", "--", str(folder)], cwd=ROOT, check=True, capture_output=True, text=True)
    return listed.stdout.splitlines()


def main(folder: Path) -> None:
    waiting = [*FIRST, *(str(page.relative_to(ROOT)) for page in sorted((ROOT / "docs").glob("*.md")))]
    staged = set()
    while waiting:
        name = waiting.pop()
        if name in staged:
            continue
        staged.add(name)
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix != ".md":
            shutil.copyfile(source, target)
            continue

        def follow(link: re.Match) -> str:
            if re.match("[a-z]+:", link[2]):
                return link[0]
            path = (source.parent / unquote(link[2])).resolve().relative_to(ROOT)
            shown = SHOWN_AS.get(str(path))
            if shown:
                up = "../" * (len(Path(name).parts) - 1)
                return f"{link[1]}{up}{shown}"
            if not (ROOT / path).is_dir():
                waiting.append(str(path))
                return link[0]
            waiting.extend(files := tracked(path))
            listing = folder / path / LISTING
            listing.parent.mkdir(parents=True, exist_ok=True)
            links = "".join(f"* [{Path(file).relative_to(path)}]({Path(file).relative_to(path)})\n" for file in files)
            listing.write_text(f"# {path}\n\n{links}", encoding="utf-8")
            return f"{link[1]}{link[2].rstrip('/')}/{LISTING}"

        text = source.read_text(encoding="utf-8")
        # Not in blocks, which show texts as they are.
        parts = re.split(r"(^```.*?^```$)", text, flags=re.DOTALL | re.MULTILINE)
        parts[::2] = [LINK.sub(follow, part) for part in parts[::2]]
        target.write_text("".join(parts), encoding="utf-8")


main(Path(sys.argv[1]))
