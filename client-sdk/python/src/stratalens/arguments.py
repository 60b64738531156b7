"""Checks of what a caller gives, with errors that name the option, what was given, and what is allowed."""

from __future__ import annotations

import importlib
import operator
import reprlib
from collections.abc import Iterable, Mapping
from typing import Any, SupportsIndex, TypeGuard, TypeVar

_Kind = TypeVar("_Kind")


def wrong_type(option: str, allowed: str, given: object) -> TypeError:
    """The error of a value of another type."""
    shown = " ".join(reprlib.repr(given).split())  # messages of the contract take several lines
    return TypeError(f"{option}: expected {allowed}, not {shown}")


def is_whole(given: object) -> TypeGuard[SupportsIndex]:
    """Whether it is an integer: of Python, of numpy, or of another library. An array of one number is none."""
    return not isinstance(given, bool) and hasattr(given, "__index__") and not getattr(given, "shape", ())


def whole(option: str, given: Any, smallest: int = -(2**31), largest: int = 2**31 - 1) -> int:
    """An integer in a range."""
    if not is_whole(given):
        raise wrong_type(option, "a whole number", given)
    number = operator.index(given)
    if not smallest <= number <= largest:
        raise ValueError(f"{option} {number} is outside {smallest} .. {largest}")
    return number


def number(option: str, given: Any) -> float:
    """A number."""
    if isinstance(given, (bool, str)) or not hasattr(given, "__float__"):
        raise wrong_type(option, "a number", given)
    return float(given)


def text(option: str, given: Any) -> str:
    """A text."""
    if not isinstance(given, str):
        raise wrong_type(option, "a text", given)
    return given


def of_kind(option: str, given: Any, kind: type[_Kind], allowed: str) -> _Kind:
    """A value of a class."""
    if not isinstance(given, kind):
        raise wrong_type(option, allowed, given)
    return given


def seconds(option: str, given: Any) -> float | None:
    """A time above 0; None = no limit of its own."""
    if given is None:
        return None
    time = number(option, given)
    if not time > 0:
        raise ValueError(f"{option} {given} is not above 0 seconds")
    return time


def several(option: str, given: Any, single: type | tuple[type, ...], allowed: str) -> list[Any]:
    """The values of an option that takes one or several. What they are is checked where they are read."""
    if isinstance(given, single) or is_whole(given):
        return [given]
    if not isinstance(given, Iterable) or isinstance(given, (str, bytes, Mapping)):
        raise wrong_type(option, f"{allowed}, or several", given)
    return list(given)


def needed(module: str, purpose: str) -> Any:
    """A module that is no dependency of this package."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name != module:
            raise
        raise ModuleNotFoundError(f"{purpose} needs {module}: pip install {module}", name=module) from None
