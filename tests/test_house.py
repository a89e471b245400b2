"""The house's own rules (house.md): sizes, who commits, who knows the time, what files may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINES_MOST = 310
FUNCTION_LINES_MOST = 60
OURS = (
    "pwa/**/*.py", "games/**/*.py", "service_worker/**/*.py", "tests/**/*.py", "benchmarks/**/*.py",
    "scripts/*.py", "static/js/*.js", "static/css/*.css", "service_worker/**/*.js",
    "templates/**/*.html",
)  # fmt: skip
GENERATED = "pwa/migrations/versions"
EDGES = re.compile(
    r"pwa/(outbox|jobs)\.py|pwa/(cli|api|console|till|push)/|pwa/\w+/(\w*views|blueprint|jobs)\w*\.py"
)
# The people stand below the features, and every feature may name them.
SHARED_MODELS = {"pwa.members.models", "pwa.staff.models"}
EDGE_PACKAGES = {"cli", "till", "console", "api"}
# In pieces, so that this file does not name what it forbids.
REGISTRIES = re.compile("|".join([
    r"pypi" r"\.org", r"python" r"hosted\.org", r"registry\.npm" r"js", r"npm" r"mirror",
    r"yarn" r"pkg\.com", r"deb\.debian" r"\.org", r"un" r"pkg\.com", r"jsdel" r"ivr",
]))  # fmt: skip


@cache
def files(*patterns: str) -> list[Path]:
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not name_of(path).startswith(GENERATED))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def none_of(found: list[str], advice: str) -> None:
    assert not found, f"{advice}:\n" + "\n".join(found)


def calls(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, with `from a import b` as a and a.b."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def feature_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 2 and parts[0] == "pwa" else ""


def module_of(path: Path) -> str:
    return name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def test_no_file_is_longer_than_a_reader_can_hold():
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in files(*OURS)}
    long = [f"{name_of(path)}: {n} lines" for path, n in lengths.items() if n > LINES_MOST]
    none_of(long, f"split by subject, at about {LINES_MOST} lines")


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{name_of(path)}:{node.name}: {length} lines"
        for path in files("pwa/**/*.py", "games/*.py", "tests/**/*.py", "scripts/*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES_MOST
    ]
    none_of(long, "say it in parts")


def test_only_edges_commit():
    found = [
        f"{name_of(path)}:{line}: {call}"
        for path in files("pwa/**/*.py")
        if not EDGES.match(name_of(path))
        for call, line in calls(path)
        if call.endswith(".commit")
    ]
    none_of(found, "a service that commits can't be composed")


def test_only_the_clock_knows_the_time():
    asks = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.time)$")
    found = [
        f"{name_of(path)}:{line}: {call}"
        for path in files("pwa/**/*.py", "games/*.py")
        if name_of(path) != "pwa/clock.py"
        for call, line in calls(path)
        if asks.search(call)
    ]
    none_of(found, "ask pwa.clock")


def test_games_import_the_standard_library_and_themselves_only():
    known = sys.stdlib_module_names | {"games"}
    impure = {"random", "secrets", "time", "os", "sqlite3"}
    found = [
        f"{name_of(path)}: {module}"
        for path in files("games/*.py")
        for module in imports(path)
        if module.split(".")[0] not in known - impure
    ]
    none_of(found, "the caller passes what a rule needs")


def test_no_feature_imports_the_views_or_models_of_another():
    found = [
        f"{name_of(path)}: {module}"
        for path in files("pwa/*/**/*.py")
        for module in imports(path)
        if module.split(".")[-1] in ("views", "models")
        and feature_of(module) not in ("", feature_of(module_of(path)))
        and feature_of(module_of(path)) not in EDGE_PACKAGES
        and module not in SHARED_MODELS
    ]
    none_of(found, "call that feature's service")


def test_tables_are_in_models_and_addresses_in_views():
    kernel = {"pwa/outbox.py", "pwa/counters.py"}
    found = []
    for path in files("pwa/**/*.py"):
        source = path.read_text("utf-8")
        if "__tablename__ =" in source and not re.search(r"models(_\w+)?\.py$", path.name):
            found.append(f"{name_of(path)} has a table")
        makes_addresses = re.search(r"= (API)?Blueprint\(", source) and "/api/" not in name_of(path)
        if makes_addresses and not re.search("views|blueprint", path.name):
            found.append(f"{name_of(path)} has a blueprint")
    none_of([line for line in found if line.split(" ")[0] not in kernel], "features share names")


def test_every_command_shows_an_example():
    from click import Command, Group

    from pwa.cli import setia

    def all_of(command: Command, name: str) -> Iterator[tuple[str, Command]]:
        yield name, command
        if isinstance(command, Group):
            for inner in command.list_commands(None):  # type: ignore[arg-type]
                yield from all_of(command.get_command(None, inner), f"{name} {inner}")  # type: ignore[arg-type]

    bare = [name for name, found in all_of(setia, "setia") if "Example" not in (found.help or "")]
    none_of(bare, "a docstring with Example: or Examples:")


def test_no_tracked_file_names_a_package_registry():
    here = []
    for path in tracked():
        if path.suffix in (".png", ".woff2", ".ico", ".jpg", ".wasm"):
            continue
        if REGISTRIES.search(path.read_text("utf-8", errors="replace")):
            here.append(name_of(path))
    none_of(here, "who installs from elsewhere must be able to")


@pytest.mark.parametrize("name", ["uv", "run", "test"])
def test_requirements_are_pinned_with_hashes_and_hold_no_address(name: str):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    pins = re.findall(r"^([a-z0-9][\w.\[\],-]*)==\S+.*\\\n    --hash=sha256:", text, re.M)
    named = re.findall(r"^[a-z0-9]\S*", text, re.M)
    assert len(pins) == len(named) > 0


def test_whatever_runs_is_pinned_alike_for_tests():
    def pins(name: str) -> set[str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        return set(re.findall(r"^([a-z0-9]\S*==\S+)", text, re.M))

    assert pins("run") <= pins("test")


def test_no_secret_is_tracked():
    found = [
        name_of(path)
        for path in tracked()
        if path.suffix in (".pem", ".key", ".db") or path.parts[-2] == "var"
    ]
    assert found == []
