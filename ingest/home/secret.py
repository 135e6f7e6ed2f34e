"""The secret that turns a pupil's number into a key: made once per trust, kept outside home and code.

Here live making it, finding it and refusing one that cannot guard anybody. What is keyed with it does not
live here.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from ingest.home.home import TRUST_FILE, Home
from ingest.home.problems import ConfigurationError, Problem
from ingest.home.trust_file import DEMO_KEY_ID

KEY_BYTES = 32
# Public on purpose: demo pupils are invented, and everybody's demo gives the same keys.
DEMO_KEY = hashlib.sha256(b"Plumbline demo key: public, for invented pupils only").digest()


@dataclass(frozen=True)
class Secret:
    """A key of 32 bytes and the id it is known by; the key does not show in logs or messages."""

    key: bytes = field(repr=False)
    key_id: str


def find_key_folder() -> Path:
    """The folder keys are kept in: $PLUMBLINE_KEYS, else .config/plumbline/keys in the user's own folder."""
    named = os.environ.get("PLUMBLINE_KEYS")
    return Path(named).expanduser() if named else Path.home() / ".config" / "plumbline" / "keys"


def name_key(key: bytes) -> str:
    """The id of a key: k and the first ten hex digits of its SHA-256."""
    return "k" + hashlib.sha256(key).hexdigest()[:10]


def make_secret(folder: Path) -> str:
    """Make a key of random bytes in `folder` (file 0600, as hex) and return its id."""
    key = secrets.token_bytes(KEY_BYTES)
    key_id = name_key(key)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / f"{key_id}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return key_id


def read_secret(home: Home) -> Secret:
    """Read the key of a home; a demo home has the public demo key.

    Raises ConfigurationError, with how to put it right, where the key file is missing, does not match its id,
    can be read by others, or is the demo key in a home that is no demo.
    """
    if home.trust.demo:
        return Secret(DEMO_KEY, DEMO_KEY_ID)
    key_id = home.trust.key_id or ""
    path = find_key_folder() / f"{key_id}.key"
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
        others_may_read = os.name == "posix" and bool(path.stat().st_mode & 0o077)
    except FileNotFoundError:
        raise _refuse(
            key_id,
            f'the key "{key_id}" is not among the keys of this computer.',
            f"Restore {key_id}.key from its backup into the key folder (PLUMBLINE_KEYS, or "
            ".config/plumbline/keys in your own folder). Do not make a new key: with it no pupil would be "
            "recognised from earlier years.",
        ) from None
    except OSError:
        raise _refuse(
            key_id,
            f'the key "{key_id}" cannot be opened.',
            f"Run Plumbline as the user who owns {key_id}.key, or give that file to this user.",
        ) from None
    except ValueError:
        key, others_may_read = b"", False
    if key == DEMO_KEY:
        raise _refuse(
            key_id,
            "the demo key is public; it cannot guard the pupils of a trust.",
            "Restore this home's own key from its backup.",
        )
    if len(key) != KEY_BYTES or name_key(key) != key_id:
        raise _refuse(
            key_id,
            f'the file {key_id}.key does not hold the key "{key_id}".',
            "It was changed or exchanged: restore it from its backup.",
        )
    if others_may_read:
        raise _refuse(
            key_id,
            f'the key "{key_id}" can be read by other users of this computer.',
            f"Run chmod 600 on {key_id}.key, and ask who may have copied it.",
        )
    return Secret(key, key_id)


def _refuse(key_id: str, what: str, remedy: str) -> ConfigurationError:
    return ConfigurationError([Problem(TRUST_FILE, None, "key_id", key_id, "", "", remedy, what)])
