"""Any colour an owner may pick stays legible, in light and in dark."""

import random

import pytest

from pwa.shell import brand
from pwa.shell.colour import contrast, from_lch, parse, to_hex, to_lch

RANDOM = random.Random(1512)
COLOURS = [f"#{RANDOM.randrange(1 << 24):06x}" for _ in range(200)]
EXTREMES = ["#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#00ffff", "#ff00ff",
            "#808080", "#010101", "#fefefe", *brand.DYES.values()]  # fmt: skip
SURFACE = {"light": "#ffffff", "dark": "#221e40"}
INK = {"light": "#1c1836", "dark": "#f5f2fb"}
QUIET = {"light": "#5c5773", "dark": "#b9b3d2"}


def themes(colour: str):
    return zip(("light", "dark"), brand.palettes(colour), strict=True)


def ratio(one: str, other: str) -> float:
    return contrast(parse(one), parse(other))


@pytest.mark.parametrize("colour", COLOURS + EXTREMES)
def test_text_has_four_and_a_half_to_one_on_everything_it_stands_on(colour):
    for theme, p in themes(colour):
        assert ratio(p.on_fill, p.fill) >= 4.5, (theme, "button")
        for under in (p.ground, p.sunken, SURFACE[theme]):
            assert ratio(p.brand_text, under) >= 4.5, (theme, "link", under)
            assert ratio(INK[theme], under) >= 4.5, (theme, "ink", under)
            assert ratio(QUIET[theme], under) >= 4.5, (theme, "quiet", under)
        assert ratio("#f5f2fb" if theme == "dark" else p.on_fill, p.steep) >= 4.5, (theme, "stage")


@pytest.mark.parametrize("colour", COLOURS + EXTREMES)
def test_bars_and_petals_have_three_to_one(colour):
    for theme, p in themes(colour):
        for under in (p.sunken, SURFACE[theme]):
            assert ratio(p.brand_mark, under) >= 3, (theme, under)


def test_a_colour_that_already_carries_its_text_is_kept():
    light, _ = brand.palettes("#c8430f")
    assert light.fill == "#c8430f"
    assert brand.palettes("#ffd23f")[0].fill == "#ffd23f"


def test_a_pale_brand_carries_ink_and_a_deep_one_white():
    assert brand.palettes("#ffd23f")[0].on_fill == brand.WEDEL
    assert brand.palettes("#7b1e63")[0].on_fill == brand.MORI


@pytest.mark.parametrize("wrong", ["", "red", "#fff", "#12345g", "#1234567", "c8430f"])
def test_what_is_not_a_colour_is_refused(wrong):
    with pytest.raises(ValueError, match="rrggbb"):
        brand.palettes(wrong)


@pytest.mark.parametrize("colour", COLOURS[:40])
def test_oklch_there_and_back_is_the_same_colour(colour):
    assert to_hex(from_lch(to_lch(parse(colour)))) == colour


def test_a_drawing_changes_dye_where_the_brand_would_vanish():
    assert '[data-tone="sun"]{--art-b:var(--daun)}' in brand.css("#ffc22e")
    assert '[data-tone="sun"]{--art-b' not in brand.css("#7b1e63")


@pytest.mark.parametrize(
    ("colour", "which"),
    [("#ffd23f", "y"), ("#ff9db5", "k"), ("#3b3ab0", "n"), ("#ffffff", "b")],
)
def test_no_two_slices_of_the_wheel_run_together(colour, which):
    assert f"--wheel-{which}:" in brand.css(colour)
    assert "--wheel-" not in brand.css("#c8430f")


def test_the_browsers_own_bars_match_the_top_of_the_page():
    assert brand.theme_colours("#c8430f", "brand") == ("#c8430f", brand.palettes("#c8430f")[1].fill)
    assert brand.theme_colours("#c8430f", "sun") == ("#ffc22e", "#351e00")
    assert brand.theme_colours("#c8430f", "ok") == ("#0b7a50", "#0b7a50")
