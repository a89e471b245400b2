"""Settings are read once; a bad one stops the boot with a line that names it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pwa.settings import SettingsError, read, secret_file

SECRET = "s" * 40


def test_without_any_setting_everything_lies_under_var(tmp_path: Path) -> None:
    settings = read({"SETIA_VAR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/setia.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.env == "development"


def test_a_secret_is_made_once_and_only_we_may_read_it(tmp_path: Path) -> None:
    first = read({"SETIA_VAR": str(tmp_path)}).secret_key
    assert read({"SETIA_VAR": str(tmp_path)}).secret_key == first
    assert len(first) == 64
    assert stat.S_IMODE(secret_file(tmp_path).stat().st_mode) == 0o600


def test_production_refuses_the_demo_secret_and_plain_http(tmp_path: Path) -> None:
    demo = read({"SETIA_VAR": str(tmp_path)}).secret_key
    production = {"SETIA_ENV": "production", "SETIA_VAR": str(tmp_path)}
    https = {"SETIA_PUBLIC_URL": "https://kartu.example.id"}
    for secret in ({}, {"SETIA_SECRET_KEY": demo}):
        with pytest.raises(SettingsError, match="SETIA_SECRET_KEY"):
            read(production | https | secret)
    with pytest.raises(SettingsError, match="https://"):
        read(production | {"SETIA_SECRET_KEY": SECRET, "SETIA_PUBLIC_URL": "http://a.example"})
    assert read(production | https | {"SETIA_SECRET_KEY": SECRET}).is_production


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    found = read({"SETIA_VAR": str(tmp_path), "SETIA_SECRET_KEY_FILE": str(file)})
    assert found.secret_key == SECRET
    with pytest.raises(SettingsError, match="SETIA_SECRET_KEY_FILE"):
        read({"SETIA_VAR": str(tmp_path), "SETIA_SECRET_KEY_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("SETIA_ENV", "prod"),
        ("SETIA_PORT", "eighty"),
        ("SETIA_PORT", "70000"),
        ("SETIA_DATABASE_URL", "mysql://x"),
        ("SETIA_REDIS_URL", "http://x"),
        ("SETIA_PUBLIC_URL", "kartu.example.id"),
        ("SETIA_PUBLIC_URL", "https://a.example/path"),
        ("SETIA_PUSH_HOSTS", "https://x/y"),
        ("SETIA_SECRET_KEY", "short"),
        ("SETIA_PROXIES", "-1"),
    ],
)
def test_a_bad_setting_is_named_in_one_line(tmp_path: Path, name: str, bad: str) -> None:
    with pytest.raises(SettingsError, match=name) as refused:
        read({"SETIA_VAR": str(tmp_path), name: bad})
    assert "\n" not in str(refused.value)
