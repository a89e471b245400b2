"""What every game answers."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from games.prize import Prize


class Outcome(NamedTuple):
    """What one play came to, before stock and budget have had their say (`prize.settle`)."""

    raw: Prize
    shown: Mapping[str, Any]  # plain data for the template, safe to send once the play is recorded
