"""Free or cheaper shipping: up to an amount off the delivery."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pwa.rewards.kinds import KindSettings


class Settings(KindSettings):
    most_rupiah: Annotated[int, Field(ge=1, le=1_000_000_000)]
