"""The secret that signs forms sent before sign-in: from the settings, or random and kept in the data directory."""

from __future__ import annotations

import os
import secrets
import tempfile
from functools import cache
from pathlib import Path

from catalogue.settings import Settings


def secret_of(settings: Settings) -> bytes:
    return settings.secret.encode() if settings.secret else _kept(settings.data_dir / "secret")


@cache
def _kept(file: Path) -> bytes:
    """The secret in the file, made on first need; of processes that make it at once, all get the same."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=file.parent)  # readable by nobody else
        os.write(handle, secrets.token_hex(32).encode())
        os.close(handle)
        try:
            Path(file).hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return file.read_bytes()
