"""A PostgreSQL of the bench's own: found where Debian has it, else installed, run from a directory, stopped again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks import machine

USER: Final = "postgres"
_DEBIAN: Final = Path("/usr/lib/postgresql")


class NoPostgresError(Exception):
    """There is no PostgreSQL and none can be installed."""


def programs() -> Path:
    """The directory of the newest PostgreSQL's programs. Raises NoPostgresError."""
    found = _installed()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "postgresql"]):
            subprocess.run(["apt-get", "-qq", *arguments], env=environment, check=False, capture_output=True)
        found = _installed()
    if found is None:
        raise NoPostgresError("PostgreSQL is not installed, and apt-get could not be asked to, or failed.")
    return found


def _installed() -> Path | None:
    versions = [path for path in _DEBIAN.glob("*/bin") if (path / "initdb").exists()]
    if versions:
        return max(versions, key=lambda path: float(path.parent.name))
    program = shutil.which("pg_config")
    if program:
        place = subprocess.run([program, "--bindir"], check=True, capture_output=True, text=True).stdout
        if (Path(place.strip()) / "initdb").exists():
            return Path(place.strip())
    return None


@contextmanager
def running(directory: Path) -> Iterator[str]:
    """Start the cluster in a directory, which is made if it is not there; gives its address. Stopped at the end."""
    place, data = programs(), directory / "data"
    # The path of a socket must be short.
    sockets = Path(tempfile.mkdtemp(prefix="portolan-bench-"))
    is_new = not data.exists()
    directory.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        # PostgreSQL does not run as root; its own user has to reach the directory.
        directory.parent.chmod(directory.parent.stat().st_mode | 0o011)
        for path in (directory, sockets):
            shutil.chown(path, USER)
    try:
        if is_new:
            _run(place / "initdb", "--pgdata", data, "--auth", "trust", "--username", USER, "--no-sync",
                 "--encoding", "UTF8", "--locale", "C.UTF-8")  # fmt: skip
        _run(place / "pg_ctl", "--pgdata", data, "--log", directory / "log", "--wait", "--silent",
             "--options", _options(sockets), "start")  # fmt: skip
        try:
            yield f"host={sockets} user={USER} dbname=postgres"
        finally:
            _run(place / "pg_ctl", "--pgdata", data, "--mode", "fast", "--wait", "--silent", "stop")
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


def _options(sockets: Path) -> str:
    """As somebody would set it who gives a server of this size to it, and who can lose the data."""
    memory = int(machine.describe()["memory_mb"])
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": sockets,
        "shared_buffers": f"{min(memory // 4, 4096)}MB",
        "effective_cache_size": f"{memory // 2}MB",
        "work_mem": "256MB",
        "maintenance_work_mem": "1GB",
        "max_wal_size": "8GB",
        "random_page_cost": 1.1,
        "default_toast_compression": "lz4",
        # Compiling a query takes longer here than answering it.
        "jit": "off",
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
    }
    return " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in settings.items())


def _run(program: Path, *arguments: object) -> None:
    command = [str(program), *map(str, arguments)]
    if os.geteuid() == 0:
        command = ["runuser", "--user", USER, "--", *command]
    done = subprocess.run(
        command,
        cwd="/",
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    if done.returncode:
        raise NoPostgresError(f"{program.name} failed: {done.stderr.decode()[-1000:]}")
