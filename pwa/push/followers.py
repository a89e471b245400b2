"""Whatever happens, a worker may have something to plan."""

from __future__ import annotations

from pwa.push import wake

FOLLOWS = {"*": wake.nudge}
