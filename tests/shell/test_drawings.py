"""Drawings and icons: every one is there, and every drawing can become an app icon."""

import struct
import zlib

import pytest

from pwa.shell import appicon, drawings, shapes


@pytest.mark.parametrize("name", drawings.art_names())
def test_every_drawing_can_be_rasterised(name):
    found = shapes.shapes(str(drawings.svg(f"art/{name}")))
    assert found
    assert all(-40 <= x <= 136 and -40 <= y <= 136 for s in found for p in s.polygons for x, y in p)


@pytest.mark.parametrize("name", drawings.art_names())
def test_no_drawing_carries_its_own_colours(name):
    inner = str(drawings.svg(f"art/{name}"))
    assert "fill=" not in inner
    assert "style" not in inner


def test_our_words_for_signs_are_drawn():
    for alias, name in drawings.ALIASES.items():
        assert drawings.svg(f"icons/{alias}") == drawings.svg(f"icons/{name}")


@pytest.mark.parametrize("name", ["art/../secret", "css/base", "art/Kopi", "art/"])
def test_a_name_stays_in_its_folder(name):
    with pytest.raises(AssertionError):
        drawings.svg(name)


@pytest.mark.parametrize(("purpose", "size"), [("any", 96), ("maskable", 96), ("apple", 180)])
def test_an_icon_is_a_png_of_its_size(purpose, size):
    png = appicon.draw("#c8430f", "kawan", size, purpose)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (size, size)


def test_a_maskable_icon_is_filled_to_its_corners_and_a_rounded_one_is_not():
    assert first_pixel(appicon.draw("#c8430f", "kawan", 96, "maskable")) == (200, 67, 15, 255)
    assert first_pixel(appicon.draw("#c8430f", "kawan", 96, "any"))[3] == 0


def first_pixel(png: bytes) -> tuple[int, ...]:
    at = png.index(b"IDAT")
    (length,) = struct.unpack(">I", png[at - 4 : at])
    return tuple(zlib.decompress(png[at + 4 : at + 4 + length])[1:5])


def test_the_small_vector_needs_no_style_sheet():
    assert "class=" not in appicon.vector("#7b1e63", "laras")
