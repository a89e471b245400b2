"""docs/benchmarks-ledger.md, from the figures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks-ledger.md"
Figures = dict[str, Any]


def write(
    figures: Figures,
    ratios: dict[str, float],
    targets: Figures,
    on: Figures,
    asked: argparse.Namespace,
) -> Path:
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(
        "\n".join(
            [
                *_head(on, asked),
                *_goals(targets),
                *_posting(figures),
                *_growth(ratios),
                *_reads(figures),
            ]
        )
        + "\n"
    )
    return PAGE


def _head(on: Figures, asked: argparse.Namespace) -> list[str]:
    return [
        "# What a posting costs",
        "",
        "Written by `make bench-ledger`; don't edit by hand. Each writer is a process that posts",
        "earns (60%) and burns (40%) for random members, one commit each: through",
        "`pwa.ledger.service`, and in turns with it, in the same run on the same database, the",
        "bare SQL of the same rows through the driver (five statements and a commit for an earn,",
        f"six for a burn). {asked.rounds} turns of {asked.slice_s:g} s each, small and large in",
        "turns as well. Reads are single units of work, connection checkout included. Times hold",
        "all that the machine did besides: the load below is what else was running.",
        "",
        f"Machine: {on['cores']} cores, {on['processor']}, {on['memory_gib']} GiB,",
        f"Python {on['python']}; load {on['load_1_min']} when it began.",
        "",
    ]


def _goals(targets: Figures) -> list[str]:
    lines = ["## Targets", "", "| target | worst measured | |", "|---|---|---|"]
    for name, found in targets.items():
        met = "met" if found["met"] else "**missed**"
        lines.append(f"| {name} {found['target']} | {found['measured']} | {met} |")
    return [*lines, ""]


def _posting(figures: Figures) -> list[str]:
    lines = [
        "## Posting",
        "",
        "| database, size | writers | ours a second | bare a second | ratio "
        "| ours p50 / p99 ms | bare p50 / p99 ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, found in figures.items():
        for name in [name for name in found if name.startswith("ours")]:
            ours, bare = found[name], found[name.replace("ours", "bare")]
            lines.append(
                f"| {key} | {name.split()[1]} | {ours['per_s']:,.0f} | {bare['per_s']:,.0f} "
                f"| {ours['per_s'] / bare['per_s']:.2f} | {ours['p50_ms']} / {ours['p99_ms']} "
                f"| {bare['p50_ms']} / {bare['p99_ms']} |"
            )
    return [*lines, ""]


def _growth(ratios: dict[str, float]) -> list[str]:
    lines = ["## p99 of the large program by that of the small", "", "| | |", "|---|---|"]
    for name, value in ratios.items():
        if name.startswith("p99"):
            lines.append(f"| {name.partition(', ')[2]} | {value} |")
    return [*lines, ""]


def _reads(figures: Figures) -> list[str]:
    lines = [
        "## Reading, loading, verifying",
        "",
        "| database, size | entries loaded | load s | balance p50 / p99 ms "
        "| statement page p50 / p99 ms | verify s | differences |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, found in figures.items():
        balance, statement = found["balance"], found["statement"]
        lines.append(
            f"| {key} | {found['entries_loaded']:,} | {found['load_s']} "
            f"| {balance['p50_ms']} / {balance['p99_ms']} "
            f"| {statement['p50_ms']} / {statement['p99_ms']} "
            f"| {found['verify_s']} | {found['differences']} |"
        )
    return lines
