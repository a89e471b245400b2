"""Fetch the browser files by others, byte for byte as released: `make vendor`.

Reads static/vendor/manifest.toml, gets each package at its pinned version with the `npm pack`
client, copies the listed files, and writes their hashes back. To take a newer release, change the
version there and run this again. Nothing here or there names a registry: npm knows its own.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "static" / "vendor"
MANIFEST = VENDOR / "manifest.toml"


def main() -> None:
    manifest = tomllib.loads(MANIFEST.read_text("utf-8"))
    for package in manifest["package"]:
        with tempfile.TemporaryDirectory() as folder:
            root = _fetch(package["name"], package["version"], Path(folder))
            for file in package["file"]:
                target = VENDOR / file["path"]
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / file["from"], target)
                file["sha256"] = digest(target)
        print(f"{package['name']} {package['version']}: {len(package['file'])} files")
    MANIFEST.write_text(written(manifest), "utf-8")


def _fetch(name: str, version: str, folder: Path) -> Path:
    """The unpacked package."""
    subprocess.run(
        ["npm", "pack", "--silent", f"{name}@{version}"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return folder / "package"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def written(manifest: dict) -> str:
    """The manifest as TOML; it has few kinds of values, and keeps its order."""
    lines = [
        "# Files by others, as released. Refreshed by scripts/vendor.py; checked by tests/shell."
    ]
    for package in manifest["package"]:
        lines += ["", "[[package]]"]
        lines += [
            f'{key} = "{package[key]}"' for key in ("name", "version", "licence", "licence_file")
        ]
        lines.append("file = [")
        for file in package["file"]:
            pairs = ", ".join(f'{key} = "{file[key]}"' for key in ("path", "from", "sha256"))
            lines.append(f"  {{ {pairs} }},")
        lines.append("]")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
