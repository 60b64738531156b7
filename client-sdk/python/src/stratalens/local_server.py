"""A server for this session."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue

from stratalens.client import LensClient
from stratalens.connection import connection

# Ends the server when this process ends, even if it is killed: its end of the pipe then closes.
_WATCHED = """
exec 3<&0
"$@" </dev/null & server=$!
{ cat <&3; kill $server; } >/dev/null 2>&1 &
exec 3<&-
wait $server
"""
_ADDRESS = re.compile(r"127\.0\.0\.1:\d+")
_KEPT_LINES = 30
_SILENCE = 2.0
"""Seconds of a start without a word."""


def local(
    model: str = "demo", *, options: Sequence[str] = (), launcher: str | Path | None = None, patience: float = 600
) -> LensClient:
    """Starts a server on this machine and returns a client of it. Both end with ``close``, with ``with``, or with this process.

    model: a directory with a checkpoint, a ``.gguf`` file, ``hf:ORG/NAME``, or ``demo``.
    options: further options of ``stratalens serve``, such as ``["--set", "lenses.demo=tuned=FILE"]`` for a fitted lens.
    launcher: the command ``stratalens``; by default that of the environment variable ``STRATALENS``, of the path, or of the source
        tree that this package or the current folder is in.
    patience: seconds until the server must listen. The first start builds the program, and shows how far it is.
    """
    server = LocalServer([_launcher(launcher), "serve", "--model", model, *options, "--port", "0"], patience)
    return LensClient(connection(server.address, False, None, None), on_close=server.close)


class LocalServer:
    """The process of a server."""

    def __init__(self, command: list[str], patience: float) -> None:
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._said: SimpleQueue[str] = SimpleQueue()
        """Lines of the command itself that were not shown."""
        self._listens = threading.Event()
        self.address = ""
        # A session of its own, so that Ctrl-C here does not end it.
        self._process = subprocess.Popen(
            ["sh", "-c", _WATCHED, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        atexit.register(self.close)
        try:
            self._wait(patience)
        except BaseException:
            self.close()  # as after Ctrl-C: nobody has this server
            raise
        if not self.address:
            self.close()
            raise RuntimeError(f"the server did not start ({' '.join(command)}):\n" + "".join(self._lines))

    def close(self) -> None:
        """Ends the server: running calls finish."""
        atexit.unregister(self.close)
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait()

    def _wait(self, patience: float) -> None:
        """Waits for the server, and shows what the command says if that takes longer: the first start builds for minutes."""
        end = time.monotonic() + patience
        while not self._listens.wait(max(0, min(_SILENCE, end - time.monotonic()))) and time.monotonic() < end:
            while not self._said.empty():
                print(self._said.get(), end="", file=sys.stderr, flush=True)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line)
            if line.startswith("stratalens: "):
                self._said.put(line)
            found = _ADDRESS.search(line)
            if found and not self.address:
                self.address = found.group()
                self._listens.set()
        self._listens.set()


def _launcher(given: str | Path | None) -> str:
    if given is not None:
        return str(given)
    found = os.environ.get("STRATALENS") or shutil.which("stratalens") or next(_of_trees(), None)
    if found is None:
        raise FileNotFoundError(
            "there is no command 'stratalens' on the path, and the current folder is in no source tree of Stratalens; "
            "give local(launcher=…), set STRATALENS, or start a server and connect(…) to it"
        )
    return found


def _of_trees() -> Iterator[str]:
    for folder in (*Path(__file__).resolve().parents, Path.cwd(), *Path.cwd().parents):
        command = folder / "stratalens"
        if (folder / "client-sdk/python").is_dir() and os.access(command, os.X_OK):
            yield str(command)
