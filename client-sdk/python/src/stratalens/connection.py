"""Connections: plain text or TLS, keys, retries."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import grpc
import grpc.aio

from stratalens.arguments import text, whole, wrong_type

_LOCAL_HOSTS = ("localhost", "::1", "[::1]")

# What may be called twice; a batch sends again itself what was not answered.
_REPEATABLE = {
    "stratalens.v1.LensService": ("Analyze", "Sweep", "Generate"),
    "stratalens.v1.ModelService": ("ListModels", "GetModel", "Tokenize", "RenderChat", "LoadModel"),
    "stratalens.v1.ServerService": ("GetServerInfo",),
}
_RETRY = {
    "maxAttempts": 4,
    "initialBackoff": "0.1s",
    "maxBackoff": "2s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
}


@dataclass(frozen=True)
class TLS:
    """Files of a connection with TLS, each PEM."""

    authority: str | Path | None = None
    """Certificates that are trusted instead of the system's."""
    certificate: str | Path | None = None
    """Certificate of this client, with its chain."""
    key: str | Path | None = None
    """Key of that certificate."""

    def credentials(self) -> grpc.ChannelCredentials:
        return grpc.ssl_channel_credentials(_read(self.authority), _read(self.key), _read(self.certificate))


@dataclass(frozen=True)
class Connection:
    """How to reach a server; opens channels."""

    target: str
    tls: TLS | None
    """None = plain text."""
    metadata: Callable[[], tuple[tuple[str, str], ...]]
    """What each call brings: the key or the token."""

    def open(self) -> grpc.Channel:
        if self.tls is None:
            return grpc.insecure_channel(self.target, options=_options())
        return grpc.secure_channel(self.target, self.tls.credentials(), options=_options())

    def open_async(self) -> grpc.aio.Channel:
        if self.tls is None:
            return grpc.aio.insecure_channel(self.target, options=_options())
        return grpc.aio.secure_channel(self.target, self.tls.credentials(), options=_options())


def connection(
    target: str,
    tls: TLS | bool | None,
    key: str | Callable[[], str] | None,
    token: str | Callable[[], str] | None,
) -> Connection:
    """A checked connection. By default plain text within this machine, and TLS to others."""
    host = _host(text("target", target))
    local = host in _LOCAL_HOSTS or host.startswith("127.") or target.startswith("unix:")
    if tls is None:
        tls = not local
    if not isinstance(tls, (bool, TLS)):
        raise wrong_type("tls", f"True, False, or TLS(authority={str(tls)!r})", tls)
    if key is not None and token is not None:
        raise ValueError("a call brings a key or a token; give one of them")
    if tls is False and not local and (key is not None or token is not None):
        raise ValueError(f"the key would leave this machine in plain text, to {host}; use TLS")
    return Connection(target, (TLS() if tls is True else tls) or None, _metadata(key, token))


def _metadata(
    key: str | Callable[[], str] | None, token: str | Callable[[], str] | None
) -> Callable[[], tuple[tuple[str, str], ...]]:
    for option, given in (("key", key), ("token", token)):
        if given is not None and not isinstance(given, str) and not callable(given):
            raise wrong_type(option, "a text, or a function that gives it", type(given))

    def said(secret: str | Callable[[], str]) -> str:
        return secret() if callable(secret) else secret

    if key is not None:
        return lambda: (("x-api-key", said(key)),)
    if token is not None:
        return lambda: (("authorization", f"Bearer {said(token)}"),)
    return tuple


def _host(target: str) -> str:
    if target.startswith("unix:"):
        return target
    scheme, separator, rest = target.partition("://")
    if separator and scheme in ("http", "https", "grpc", "grpcs"):
        raise ValueError(f"the target {target!r} is a URL; give host:port, here {rest.rstrip('/')!r}, and tls=… if need be")
    host, _, port = target.rpartition(":")
    name = host.rpartition("/")[2]
    if not name or not port.isdecimal():
        raise ValueError(f"the target {target!r} has no host and port; give host:port, such as localhost:50061")
    # gRPC takes the remainder of a larger one.
    whole("port", int(port), 1, 65535)
    return name


def _options() -> list[tuple[str, Any]]:
    names = [{"service": service, "method": method} for service, methods in _REPEATABLE.items() for method in methods]
    config = {"loadBalancingConfig": [{"round_robin": {}}], "methodConfig": [{"name": names, "retryPolicy": _RETRY}]}
    return [
        ("grpc.service_config", json.dumps(config)),
        ("grpc.service_config_disable_resolution", 1),
        ("grpc.primary_user_agent", f"stratalens-python/{version('stratalens')}"),
        ("grpc.keepalive_time_ms", 25_000),
        ("grpc.keepalive_timeout_ms", 25_000),
    ]


def _read(file: str | Path | None) -> bytes | None:
    return None if file is None else Path(file).read_bytes()
