"""One JSON file for each benchmark in var/bench, and a page of the same figures in docs/."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "var" / "bench"
DOCS = ROOT / "docs"


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_gib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30,
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_1_min": round(os.getloadavg()[0], 1),
    }


def in_a_line(on: dict[str, Any]) -> str:
    """The machine as the pages name it."""
    return (
        f"Machine: {on['cores']} cores, {on['processor']}, {on['memory_gib']} GiB, Python"
        f" {on['python']}; load {on['load_1_min']} when it began."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), "")


def write(
    name: str,
    figures: dict[str, Any],
    ratios: dict[str, float],
    targets: dict[str, Any],
    on: dict[str, Any] | None = None,
) -> Path:
    """Write var/bench/<name>.json."""
    BENCH.mkdir(parents=True, exist_ok=True)
    content = {
        "name": name,
        "machine": on or machine(),
        "figures": figures,
        "ratios": ratios,
        "targets": targets,
    }
    path = BENCH / f"{name}.json"
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return path


def page(name: str, title: str, how: str) -> Path:
    """docs/benchmarks-<name>.md, from what `write` wrote. `how` says what was done beside what."""
    told = json.loads((BENCH / f"{name}.json").read_text())
    on = told["machine"]
    lines = [
        f"# {title}",
        "",
        f"Written by `make bench-{name}`; don't edit by hand. {how}",
        "",
        in_a_line(on),
        "",
        *_table("Targets", told["targets"]),
        *_table("Ratios", told["ratios"]),
        *_table("Figures", dict(_flat(told["figures"]))),
    ]
    path = DOCS / f"benchmarks-{name}.md"
    path.write_text("\n".join(lines).rstrip() + "\n")
    return path


def _table(title: str, rows: dict[str, Any]) -> list[str]:
    body = [f"| {name} | {_shown(value)} |" for name, value in rows.items()]
    return [f"## {title}", "", "| | |", "|---|---|", *body, ""]


def _flat(figures: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """One row for each innermost dict, its values in one cell."""
    plain = {name: value for name, value in figures.items() if not isinstance(value, dict)}
    if plain:
        yield before or "all", ", ".join(f"{name} {_shown(v)}" for name, v in plain.items())
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}, {name}" if before else name)


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)
