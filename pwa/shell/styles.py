"""The one style sheet of a page: the app's own styles, and the shop's colours after them.

One file and not two: both hold up the first paint, and on a phone's network a second one opens a
connection of its own first.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from typing import NamedTuple

from . import brand
from .assets import FONT, Asset

FOLDER = "/static/build/"


class Sheet(NamedTuple):
    """What is served, plain and compressed once, under a name of its own."""

    digest: str
    plain: bytes
    gzipped: bytes


@lru_cache(maxsize=8)
def sheet(app_css: Asset, font: Asset, colour: str) -> Sheet:
    """All styles of a shop whose brand colour is `colour`."""
    assert font.name == FONT, font.name
    own = app_css.body.decode().replace(f'url("{font.file}")', f'url("{FOLDER}{font.file}")')
    text = (own + brand.css(colour)).encode()
    digest = hashlib.sha256(text).hexdigest()[:10]
    return Sheet(digest, text, gzip.compress(text, 9, mtime=0))
