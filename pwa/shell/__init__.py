"""The shell: what every page wears. Looks, assets, manifest, service worker, offline page."""

from __future__ import annotations
