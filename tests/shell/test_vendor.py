"""Files by others are byte for byte as released, and all of them are listed."""

import hashlib
import tomllib
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
PACKAGES = tomllib.loads((VENDOR / "manifest.toml").read_text())["package"]


def test_every_listed_file_has_its_hash():
    for package in PACKAGES:
        for file in package["file"]:
            body = (VENDOR / file["path"]).read_bytes()
            assert hashlib.sha256(body).hexdigest() == file["sha256"], file["path"]


def test_every_file_is_listed():
    listed = {file["path"] for package in PACKAGES for file in package["file"]}
    there = {str(p.relative_to(VENDOR)) for p in VENDOR.rglob("*") if p.is_file()}
    assert there == listed | {"manifest.toml"}


def test_every_package_says_its_licence():
    for package in PACKAGES:
        assert package["version"]
        assert package["licence"] in {"0BSD", "MIT", "ISC", "OFL-1.1"}
        assert (VENDOR / package["licence_file"]).exists()
