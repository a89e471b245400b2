"""One JSON file for each benchmark, in var/bench, for the README to be checked against."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

BENCH = Path(__file__).resolve().parent.parent / "var" / "bench"


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
