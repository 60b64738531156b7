"""Refuses a site with a link that leads nowhere, or that loads anything from elsewhere: links.py FOLDER"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors = set()
        self.links = []
        self.loaded = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list) -> None:
        given = dict(attributes)
        self.anchors.update(given[name] for name in ("id", "name") if given.get(name))
        if tag == "a":
            self.links += [given["href"]] if given.get("href") else []
        elif tag != "link" or given.get("rel") not in ("canonical", "prev", "next", "alternate"):
            self.loaded += [given[name] for name in ("src", "href") if given.get(name)]
            self.loaded += [each.split()[0] for each in (given.get("srcset") or "").split(",") if each.strip()]


def main(site: Path) -> None:
    pages = {path.resolve(): Page(path) for path in site.rglob("*.html")}
    faults = []
    for path, page in pages.items():
        if path.name == "404.html":
            continue  # it is shown at any address, so its links begin at the root
        for link in page.links + page.loaded:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in page.loaded and parts.scheme != "data":
                    faults.append(f"{path.name} loads {link}")
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                faults.append(f"{path.relative_to(site.resolve())} leads to {link}, which is not there")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors | {"__skip"}:
                faults.append(f"{path.relative_to(site.resolve())} leads to {link}, which has no such heading")
    if faults:
        sys.exit("\n".join(["site: dead links, or files from elsewhere:", *sorted(set(faults))]))
    print(f"site: {len(pages)} pages, {sum(len(page.links) for page in pages.values())} links, none dead; nothing is loaded from elsewhere")


main(Path(sys.argv[1]))
