"""Runs an image as a cluster would: its own files only, read-only, as its own user, asked over TLS with a key: check.py IMAGE.tar

Needs bubblewrap, openssl, and the launcher to ask with.
"""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BANNED = re.compile(r"kotlin|okhttp|okio")


def blob(image: tarfile.TarFile, descriptor: dict) -> bytes:
    algorithm, digest = descriptor["digest"].split(":")
    contents = image.extractfile(f"blobs/{algorithm}/{digest}").read()
    assert hashlib.new(algorithm, contents).hexdigest() == digest, f"{digest} is another"
    return contents


def unpack(image: Path, folder: Path) -> dict:
    """Lays out the image's files, and returns its configuration."""
    with tarfile.open(image) as outer:
        index = json.load(outer.extractfile("index.json"))
        manifest = json.loads(blob(outer, index["manifests"][0]))
        for layer in manifest["layers"]:
            algorithm, digest = layer["digest"].split(":")
            with tarfile.open(fileobj=outer.extractfile(f"blobs/{algorithm}/{digest}")) as inner:
                for member in inner:
                    assert (member.uid, member.gid) == (0, 0) and member.mtime <= 1, f"{member.name} tells who built it, or when"
                    inner.extract(member, folder)
        return json.loads(blob(outer, manifest["config"]))["config"]


def check_files(folder: Path, config: dict) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    found = [str(path) for path in files if BANNED.search(path.name.lower())]
    assert not found, f"the image has {found}"
    bom = json.loads((folder / "opt/stratalens/sbom.cdx.json").read_text())
    named = {component["name"] for component in bom["components"]}
    for name in ("grpc-netty", "pytorch-native-cpu", "openjdk", "libc6"):
        assert name in named, f"the bill of materials lacks {name}"
    jars = len(list((folder / "opt/stratalens/libs").glob("*.jar")))
    size = sum(path.stat().st_size for path in files) >> 20
    assert config["User"].split(":")[0] not in ("", "0", "root"), "the image runs as root"
    print(f"image: {len(files)} files, {size} MiB, {jars} jars, {len(bom['components'])} components in its bill of materials")


def sandbox(folder: Path, config: dict, settings: Path, arguments: list[str]) -> list[str]:
    user, group = config["User"].split(":")
    command = ["bwrap", "--ro-bind", str(folder), "/", "--proc", "/proc", "--dev", "/dev", "--unshare-all", "--share-net", "--die-with-parent"]
    command += ["--uid", user, "--gid", group, "--cap-drop", "ALL", "--clearenv", "--chdir", config["WorkingDir"]]
    for variable in config["Env"]:
        command += ["--setenv", *variable.split("=", 1)]
    command += ["--ro-bind", str(settings), "/opt/settings", *config["Entrypoint"], *arguments]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid", user, "--regid", group, "--clear-groups", *command]
    return command


def run(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def credentials(folder: Path) -> None:
    folder.mkdir()
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt"), "-quiet")  # fmt: skip
    (folder / "key").write_text(run(str(ROOT / "stratalens"), "keys", "add", "--principal", "check", "--file", str(folder / "keys.json")))
    for path in folder.iterdir():
        path.chmod(0o644)
    folder.chmod(0o755)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def await_line(process: subprocess.Popen, log: Path, pattern: str) -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        found = re.search(pattern, log.read_text())
        if found:
            return found.group(1)
        time.sleep(0.1)
    sys.exit(f"the image does not start:\n{log.read_text()}")


def main(image: Path) -> None:
    work = Path(tempfile.mkdtemp())
    work.chmod(0o755)
    server = None
    try:
        folder = work / "root"
        folder.mkdir()
        config = unpack(image, folder)
        check_files(folder, config)
        (folder / "opt/settings").mkdir()  # where this check mounts its credentials
        credentials(work / "settings")
        admin = free_port()
        arguments = ["serve", "--port", "0", "--tls-cert", "/opt/settings/tls.crt", "--tls-key", "/opt/settings/tls.key"]
        arguments += ["--api-keys", "/opt/settings/keys.json", "--set", f"admin-port={admin}"]
        log = work / "log"
        begin = time.monotonic()
        with log.open("w") as out:
            server = subprocess.Popen(sandbox(folder, config, work / "settings", arguments), stdout=out, stderr=out)
        port = await_line(server, log, r"127\.0\.0\.1:(\d+)")
        print(f"image: serves after {time.monotonic() - begin:.1f} s, with no place to write to")
        answer = run(str(ROOT / "stratalens"), "analyze", "--server", f"localhost:{port}", "--tls-ca", str(work / "settings/tls.crt"),
                     "--api-key-file", str(work / "settings/key"), "The capital of France is")  # fmt: skip
        assert "Paris" in answer, answer
        for probe in ("livez", "readyz"):
            assert urllib.request.urlopen(f"http://127.0.0.1:{admin}/{probe}").status == 200
        server.terminate()
        assert server.wait(30) == 0, log.read_text()
        print("image: it answered over TLS, its probes say yes, and it ended with 0 on SIGTERM")
    finally:
        if server and server.poll() is None:
            server.kill()
        shutil.rmtree(work)


main(Path(sys.argv[1]))
