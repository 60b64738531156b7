"""Bars of tqdm, where it is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from stratalens.v1 import lens_pb2


@contextmanager
def counting(wanted: bool, total: int | None) -> Iterator[Callable[[], object]]:
    """Counts answers, one with each call of what it gives, if this is wanted and tqdm is there."""
    tqdm = _tqdm() if wanted else None
    if tqdm is None:
        yield lambda: None
        return
    with tqdm(total=total, unit="prompt") as bar:
        yield bar.update


@contextmanager
def phases(wanted: bool) -> Iterator[Callable[[lens_pb2.Progress], None] | None]:
    """Shows the phase of a call and how far it is, if this is wanted and tqdm is there."""
    tqdm = _tqdm() if wanted else None
    if tqdm is None:
        yield None
        return
    with tqdm(leave=False) as bar:

        def show(progress: lens_pb2.Progress) -> None:
            known = lens_pb2.Phase.DESCRIPTOR.values_by_number.get(progress.phase)
            bar.set_description(known.name.removeprefix("PHASE_").lower() if known else "", refresh=False)
            bar.total = progress.total if progress.HasField("total") else None
            bar.n = progress.done
            bar.refresh()

        yield show


def _tqdm() -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm
