"""What tests need from the machine: a PostgreSQL server and a Chromium.

PostgreSQL: the server at KENG_TEST_POSTGRES_URL; else the machine's own binaries, run as an unprivileged user for this test run;
else Debian's package, where we may install it. Whatever cannot be had is skipped with one line, but never under CI=true.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port

_MEMORY, _ENOUGH = Path("/dev/shm"), 4 * 2**30


def may_not_be_had(what: str) -> None:
    """A skip on somebody's laptop; a failure where everything must be tested."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} could not be brought, and with CI=true nothing may be skipped")
    pytest.skip(f"{what} could not be brought to this machine")


def install(*packages: str) -> bool:
    """Debian's packages, if we are allowed to and can reach them."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]):
        if subprocess.run(command, env=environment, capture_output=True).returncode != 0:
            return False
    return True


def chromium() -> str:
    if not _find_chromium() and not install("chromium"):
        may_not_be_had("Debian's chromium")
    return _find_chromium() or ""


def strace() -> str:
    if not shutil.which("strace") and not install("strace"):
        may_not_be_had("strace")
    return shutil.which("strace") or ""


def _find_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def work_in_memory() -> None:
    """Thousands of databases come and go: they need not wait for a disk, where the machine has memory set aside for files (and a container
    has hardly any). Whoever names a folder for what is temporary is obeyed."""
    if "TMPDIR" not in os.environ and _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


@contextmanager
def postgres(*, is_lasting: bool = True) -> Iterator[str]:
    """A superuser's address of a server that is ours for this run. One that need not last does not wait for its disk: what such a wait
    saves is lost only with the machine, and no test ends that."""
    if given := os.environ.get("KENG_TEST_POSTGRES_URL"):
        yield given
        return
    if _postgres_binaries() is None:
        install("postgresql")
    binaries = _postgres_binaries()
    if binaries is None:
        may_not_be_had("a PostgreSQL server")
        return
    with _own_server(binaries, () if is_lasting else ("fsync=off", "synchronous_commit=off", "full_page_writes=off")) as address:
        yield address


def _postgres_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path and (Path(on_path).resolve().parent / "pg_ctl").exists() else None


@contextmanager
def _own_server(binaries: Path, settings: tuple[str, ...]) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="keng-postgres-"))
    user = _unprivileged_user()
    if user:
        shutil.chown(folder, user)
    port = free_port()
    who: dict[str, str] = {"user": user} if user else {}

    def run(*command: str) -> None:
        done = subprocess.run([str(binaries / command[0]), *command[1:]], capture_output=True, text=True, cwd=folder, **who)  # type: ignore[call-overload]
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]}: {done.stderr[-500:]}")

    data, log = str(folder / "data"), str(folder / "log")
    try:
        run("initdb", "--no-sync", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        of_ours = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "max_connections=200")
        options = " ".join([f"-p {port}", *(f"-c {setting}" for setting in (*of_ours, *settings))])
        run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            yield f"postgresql://tests@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; anybody else is himself."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    return "nobody"
