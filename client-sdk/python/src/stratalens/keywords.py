"""Options by keyword: signatures that name them, for notebooks that complete them, and errors that do."""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])


def naming(keywords: type) -> Callable[[_Function], _Function]:
    """Names the keys of a ``TypedDict`` in the signature and in the help of a function that takes it as ``**keywords``, and refuses
    others."""

    def name(function: _Function) -> _Function:
        signature = inspect.signature(function)
        own = [each for each in signature.parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
        names = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation.__forward_arg__)
            for name, annotation in keywords.__annotations__.items()
        ]
        known = {each.name for each in own} | keywords.__annotations__.keys()
        options = [each.name for each in [*own, *names] if each.kind is inspect.Parameter.KEYWORD_ONLY]

        @functools.wraps(function)
        def checked(*given: Any, **options_given: Any) -> Any:
            for option in options_given:
                if option not in known:
                    raise TypeError(_unknown(function.__name__, option, options))
            return function(*given, **options_given)

        checked.__doc__ = f"{inspect.getdoc(function)}\n\n{inspect.getdoc(keywords)}"
        checked.__signature__ = signature.replace(parameters=own + names)  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return name


def _unknown(function: str, option: str, options: list[str]) -> str:
    near = difflib.get_close_matches(option, options, 1)
    hint = f"did you mean {near[0]!r}? It has" if near else "it has"
    return f"{function}() has no option {option!r}; {hint} {', '.join(options)}"
