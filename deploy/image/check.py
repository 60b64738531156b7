"""Runs an image as a cluster would: its own files only, read-only, as its own user, asked over TLS with a key: check.py IMAGE.tar

The image's own command makes the key and asks. Needs bubblewrap and openssl.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
from pathlib import Path

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


def sandbox(folder: Path, config: dict, mounts: list[str], *arguments: str) -> list[str]:
    """The command line of a container of the image."""
    user, group = config["User"].split(":")
    command = ["bwrap", "--ro-bind", str(folder), "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    command += ["--unshare-all", "--share-net", "--as-pid-1", "--die-with-parent"]
    command += ["--uid", user, "--gid", group, "--cap-drop", "ALL", "--clearenv", "--chdir", config["WorkingDir"]]
    for variable in config["Env"]:
        command += ["--setenv", *variable.split("=", 1)]
    command += [*mounts, *config["Entrypoint"], *arguments]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid", user, "--regid", group, "--clear-groups", *command]
    return command


def run(*command: str) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with {done.returncode}: {done.stderr}")
    return done.stdout


def credentials(folder: Path) -> None:
    folder.mkdir()
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt"))  # fmt: skip
    folder.chmod(0o777)
    (folder / "tls.key").chmod(0o644)


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
    log = work / "log"
    server = None
    try:
        folder = work / "root"
        folder.mkdir()
        config = unpack(image, folder)
        check_files(folder, config)
        for mounted in ("proc", "dev"):
            (folder / mounted).mkdir()
        settings = folder / "etc/stratalens"
        credentials(settings)
        writable = ["--bind", str(settings), "/etc/stratalens"]
        key = run(*sandbox(folder, config, writable, "keys", "add", "--principal", "check", "--file", "/etc/stratalens/keys.json"))
        (settings / "key").write_text(key)
        admin = free_port()
        begin = time.monotonic()
        with log.open("w") as out:
            # The image's own arguments, but on loopback, and on a free port.
            arguments = [argument.replace("0.0.0.0", "127.0.0.1") for argument in config["Cmd"]]
            arguments += ["--port", "0", "--set", f"admin-port={admin}"]
            server = subprocess.Popen(sandbox(folder, config, [], *arguments), stdout=out, stderr=out)
        port = await_line(server, log, r"Serving .* on 127\.0\.0\.1:(\d+)")
        print(f"image: serves after {time.monotonic() - begin:.1f} s, with no place to write to but /tmp")
        question = ["analyze", "--server", f"127.0.0.1:{port}", "--tls-ca", "/etc/stratalens/tls.crt", "The capital of France is"]
        answer = run(*sandbox(folder, config, writable, *question, "--api-key-file", "/etc/stratalens/key"))
        assert "Paris" in answer, answer
        assert subprocess.run(sandbox(folder, config, writable, *question), capture_output=True).returncode != 0, "it answers without a key"
        for probe in ("livez", "readyz"):
            assert urllib.request.urlopen(f"http://127.0.0.1:{admin}/{probe}").status == 200
        # Its parent is bubblewrap, which would not pass a signal on.
        os.kill(int(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()), signal.SIGTERM)
        ended = server.wait(30)
        assert ended == 0, f"it ended with {ended} on SIGTERM"
        print("image: it answered over TLS, its probes say yes, and it ended with 0 on SIGTERM")
    except BaseException:
        if log.exists():
            print(log.read_text()[-4000:], file=sys.stderr)
        raise
    finally:
        if server and server.poll() is None:
            server.kill()
        shutil.rmtree(work)


main(Path(sys.argv[1]))
