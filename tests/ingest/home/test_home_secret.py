"""The secret of a home: how it is made, and each way in which it cannot be used."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.home import load_home, make_secret, read_secret
from ingest.home.home import Home
from ingest.home.secret import DEMO_KEY

Messages = Callable[..., list[str]]


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "keys"
    monkeypatch.setenv("PLUMBLINE_KEYS", str(folder))
    return folder


def guard(tiny: Path, key_id: str) -> Home:
    trust = tiny / "trust.yml"
    text = trust.read_text(encoding="utf-8").replace("demo: true", f"key_id: {key_id}")
    trust.write_text(text, encoding="utf-8")
    return load_home(tiny)


def test_a_made_secret_is_read_again(tiny: Path, keys: Path) -> None:
    key_id = make_secret(keys)
    secret = read_secret(guard(tiny, key_id))
    assert len(secret.key) == 32
    assert secret.key_id == key_id == "k" + hashlib.sha256(secret.key).hexdigest()[:10]
    path = keys / f"{key_id}.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.stat().st_mode & 0o077 == 0
    assert path.read_text(encoding="ascii") == secret.key.hex() + "\n"
    assert make_secret(keys) != key_id


def test_a_secret_does_not_show(tiny: Path, keys: Path) -> None:
    secret = read_secret(guard(tiny, make_secret(keys)))
    assert secret.key.hex() not in repr(secret)
    assert repr(secret.key) not in repr(secret)


def test_keys_are_kept_in_the_users_folder_by_default(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLUMBLINE_KEYS", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    key_id = make_secret(tmp_path / ".config" / "plumbline" / "keys")
    assert read_secret(guard(tiny, key_id)).key_id == key_id


def test_a_demo_home_has_the_public_key(tiny: Path, keys: Path) -> None:
    secret = read_secret(load_home(tiny))
    assert (secret.key_id, secret.key) == ("demo", DEMO_KEY)
    assert len(secret.key) == 32
    assert not keys.exists()


def test_a_missing_key_file(tiny: Path, keys: Path, messages: Messages) -> None:
    assert messages(read_secret, guard(tiny, "k0123456789")) == [
        'trust.yml: the key "k0123456789" is not among the keys of this computer. '
        "Restore k0123456789.key from its backup into the key folder (PLUMBLINE_KEYS, or "
        ".config/plumbline/keys in your own folder). "
        "Do not make a new key: with it no pupil would be recognised from earlier years."
    ]


@pytest.mark.parametrize("content", ["", "no hex", "00" * 32, "ab" * 16, "é"])
def test_a_key_that_is_not_the_one_named(tiny: Path, keys: Path, messages: Messages, content: str) -> None:
    key_id = make_secret(keys)
    (keys / f"{key_id}.key").write_text(content, encoding="utf-8")
    assert messages(read_secret, guard(tiny, key_id)) == [
        f'trust.yml: the file {key_id}.key does not hold the key "{key_id}". '
        "It was changed or exchanged: restore it from its backup."
    ]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_can_read(tiny: Path, keys: Path, messages: Messages, mode: int) -> None:
    key_id = make_secret(keys)
    (keys / f"{key_id}.key").chmod(mode)
    assert messages(read_secret, guard(tiny, key_id)) == [
        f'trust.yml: the key "{key_id}" can be read by other users of this computer. '
        f"Run chmod 600 on {key_id}.key, and ask who may have copied it."
    ]


def test_the_demo_key_under_another_name(tiny: Path, keys: Path, messages: Messages) -> None:
    key_id = "k" + hashlib.sha256(DEMO_KEY).hexdigest()[:10]
    keys.mkdir()
    (keys / f"{key_id}.key").write_text(DEMO_KEY.hex(), encoding="ascii")
    assert messages(read_secret, guard(tiny, key_id)) == [
        "trust.yml: the demo key is public; it cannot guard the pupils of a trust. "
        "Restore this home's own key from its backup."
    ]


def test_a_key_that_is_a_folder(tiny: Path, keys: Path, messages: Messages) -> None:
    (keys / "k0123456789.key").mkdir(parents=True)
    assert messages(read_secret, guard(tiny, "k0123456789")) == [
        'trust.yml: the key "k0123456789" cannot be opened. '
        "Run Plumbline as the user who owns k0123456789.key, or give that file to this user."
    ]
