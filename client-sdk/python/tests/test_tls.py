"""A shared server: TLS with an authority of its own, and keys."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import LAUNCHER, PROMPT

import stratalens
from stratalens import TLS, errors
from stratalens.local_server import LocalServer


class Shared(NamedTuple):
    address: str
    authority: Path
    key: str


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    folder = tmp_path_factory.mktemp("shared")
    certificate, private, keys = folder / "server.pem", folder / "server.key", folder / "keys.json"
    named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    written = ["-keyout", str(private), "-out", str(certificate)]
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *named, *written]
    subprocess.run(request, check=True, capture_output=True)
    added = [LAUNCHER, "keys", "add", "--principal", "ann", "--file", str(keys)]
    key = subprocess.run(added, check=True, capture_output=True, text=True).stdout.strip()
    options = ["--tls-cert", certificate, "--tls-key", private, "--api-keys", keys, "--port", "0"]
    server = LocalServer([LAUNCHER, "serve", "--model", "demo", *map(str, options)], patience=600)
    yield Shared(server.address, certificate, key)
    server.close()


def test_with_its_key(shared: Shared) -> None:
    for secret in ({"key": shared.key}, {"token": lambda: shared.key}):
        with stratalens.connect(shared.address, tls=TLS(authority=shared.authority), **secret) as lens:
            assert lens.analyze(PROMPT, positions=-1).top_k[9, -1][0].token.text == " Paris"
            assert next(iter(lens.batch([PROMPT], positions=-1))).result.positions == (5,)


def test_without_a_key_or_with_a_wrong_one(shared: Shared) -> None:
    for key in (None, "sl_wrong"):
        with (
            stratalens.connect(shared.address, tls=TLS(authority=shared.authority), key=key) as lens,
            pytest.raises(errors.UnauthenticatedError) as caught,
        ):
            lens.analyze(PROMPT)
        assert caught.value.detail.problem > 0


def test_an_authority_that_is_not_trusted(shared: Shared) -> None:
    with stratalens.connect(shared.address, tls=True) as lens, pytest.raises(errors.UnavailableError, match="not trusted"):
        lens.models()


def test_plain_text_to_a_server_with_tls(shared: Shared) -> None:
    with stratalens.connect(shared.address) as lens, pytest.raises(errors.UnavailableError, match="TLS"):
        lens.models()
