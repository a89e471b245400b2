"""The wheel is drawn for any 2 to 12 slices, and stops where it should."""

import itertools

import pytest

from pwa.shell import wheel

COUNTS = range(2, 13)
LABELS = ["Coba lagi", "Kopi susu gratis", "10 poin", "Diskon 20%", "Kejutan", "1.000 poin",
          "Croissant mentega", "5", "Voucher Rp25.000", "50 poin", "Tambah satu shot",
          "Libur"]  # fmt: skip


@pytest.mark.parametrize("count", COUNTS)
def test_after_landing_the_slice_is_on_top(count):
    drawn = wheel.draw(LABELS[:count])
    for i, slice_ in enumerate(drawn.slices):
        off = (slice_.turn + wheel.landing(i, count, turns=7)) % 360
        assert min(off, 360 - off) < 0.01


@pytest.mark.parametrize("count", COUNTS)
def test_whole_turns_bring_it_to_the_same_place(count):
    for i in range(count):
        assert (wheel.landing(i, count, 7) - wheel.landing(i, count)) % 360 == pytest.approx(0)


@pytest.mark.parametrize(("count", "best"), [(n, b) for n in COUNTS for b in (None, *range(n))])
def test_no_slice_has_its_neighbours_dye(count, best):
    faces = [s.face for s in wheel.draw(LABELS[:count], best).slices]
    assert all(a != b for a, b in itertools.pairwise([*faces, faces[0]]))


@pytest.mark.parametrize("count", COUNTS)
def test_every_word_is_there_in_a_legible_size(count):
    for label, slice_ in zip(LABELS, wheel.draw(LABELS[:count]).slices, strict=False):
        assert " ".join(text.text for text in slice_.texts) == label
        assert min(text.size for text in slice_.texts) >= 10


@pytest.mark.parametrize("count", COUNTS)
def test_no_peg_stands_under_the_pin(count):
    drawn = wheel.draw(LABELS[:count])
    assert all(abs(x - wheel.CX) > 5 or y > wheel.CY for x, y in drawn.pegs)
    assert len(drawn.pegs) == round(360 / drawn.gap)


def test_the_best_prize_is_dressed_up():
    drawn = wheel.draw(["5 poin", "10 poin", "250 poin", "20 poin"], best=2)
    assert drawn.slices[2].face == "fy"
    assert drawn.slices[2].motif == "kawung"


@pytest.mark.parametrize("count", [0, 1, 13])
def test_other_numbers_of_slices_are_a_bug(count):
    with pytest.raises(AssertionError):
        wheel.draw(["x"] * count)
