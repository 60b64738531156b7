"""Signatures that name the keywords of a function, for notebooks that complete them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])


def naming(keywords: type) -> Callable[[_Function], _Function]:
    """Names the keys of a ``TypedDict`` in the signature of a function that takes it as ``**keywords``."""

    def name(function: _Function) -> _Function:
        signature = inspect.signature(function)
        own = [each for each in signature.parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
        names = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=..., annotation=annotation)
            for name, annotation in keywords.__annotations__.items()
        ]
        function.__signature__ = signature.replace(parameters=own + names)  # type: ignore[attr-defined]
        return function

    return name
