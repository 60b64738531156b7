"""Pages in notebooks."""

from __future__ import annotations

import html

HEIGHT = 680
"""Of a frame, in pixels; its corner can be dragged."""


def framed(page: str, height: int = HEIGHT) -> str:
    """A page in a frame of its own, which may run its scripts and save files, but neither sees nor changes the notebook."""
    return (
        f'<iframe sandbox="allow-scripts allow-downloads allow-modals" srcdoc="{html.escape(page)}" '
        f'style="width:100%;height:{height}px;border:0;resize:vertical;overflow:auto" title="Stratalens"></iframe>'
    )
