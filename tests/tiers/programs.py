"""The demo's program with other rules for tiers."""

from __future__ import annotations

from typing import Any

from pwa import outbox
from pwa.program import service as program
from pwa.program.schema import Program


def change(**changes: Any) -> None:
    """Put the program in force with other parts, as the file would say them."""
    document = program.to_document(program.current())
    program.apply(Program.model_validate({**document, **changes}), actor="test")
    outbox.commit()
    program.forget_cached()


def change_tiers(**by_code: dict[str, Any]) -> None:
    """Put other keys into tiers: kawan_dekat={...} is the tier kawan-dekat."""
    document = program.to_document(program.current())
    more = {code.replace("_", "-"): keys for code, keys in by_code.items()}
    change(tiers=[{**tier, **more.get(tier["code"], {})} for tier in document["tiers"]])
