"""What must hold of quote() for every purchase and every set of rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pwa.campaigns.quote import Basket, Good, Terms, from_document, quote, to_document
from pwa.program.earning import Earning, EarningRule
from pwa.program.schema import Tier

CATEGORIES = ("kopi", "roti", "barang")
amounts = st.integers(0, 2_000_000)
goods = st.lists(
    st.builds(
        Good,
        st.integers(0, 500_000),
        st.sampled_from((*CATEGORIES, None)),
        st.sampled_from(("A", "B", None)),
        st.integers(1, 9),
        st.booleans(),
    ),
    max_size=4,
).map(tuple)


@st.composite
def rules(draw: Any) -> tuple[EarningRule, ...]:
    count = draw(st.integers(0, 4))
    return tuple(draw(_rule(f"r{number}")) for number in range(count))


def _rule(code: str) -> Any:
    return st.builds(
        lambda **more: EarningRule(code=code, name=code, **more),
        categories=st.lists(st.sampled_from(CATEGORIES), max_size=2).map(tuple),
        eco=st.booleans(),
        multiplier_percent=st.integers(101, 500),
        bonus_points=st.integers(0, 50),
        points_each=st.integers(0, 5),
        rupiah_per_point=st.none() | st.integers(1, 20_000),
        stacks=st.booleans(),
        most_points=st.none() | st.integers(1, 300),
        minimum_rupiah=st.integers(0, 100_000),
    )


@st.composite
def terms(draw: Any) -> Terms:
    earning = Earning(
        rupiah_per_point=draw(st.integers(1, 20_000)),
        count_tax=draw(st.booleans()),
        count_discounts=draw(st.booleans()),
        minimum_rupiah=draw(st.integers(0, 100_000)),
        most_points=draw(st.none() | st.integers(1, 500)),
        rules=draw(rules()),
    )
    multiplier = draw(st.integers(100, 300))
    tier = Tier(code="t", name="T", art="t", needs_points=0, multiplier_percent=multiplier)
    left = {rule.code: draw(st.integers(0, 200)) for rule in earning.rules if draw(st.booleans())}
    return Terms(earning, tier, (), left)


def basket(amount: int, goods: tuple[Good, ...] = (), **more: Any) -> Basket:
    at = datetime(2026, 11, 22, 5, tzinfo=UTC)
    return Basket(amount, at, date(2026, 11, 22), time(12), goods, **more)


@given(amounts, goods, terms(), st.integers(0, 100_000), st.integers(0, 100_000))
def test_never_negative_and_the_lines_add_up(
    amount: int, goods: tuple[Good, ...], terms: Terms, tax: int, discount: int
) -> None:
    found = quote(basket(amount, goods, tax_rupiah=tax, discount_rupiah=discount), terms)
    assert found.points >= 0
    assert found.qualifying_points >= 0
    assert sum(line.points for line in found.lines) == found.points
    assert all(line.points >= 0 for line in found.lines if line.kind != "cap")


@given(amounts, amounts, terms())
def test_a_larger_purchase_never_earns_less(one: int, other: int, terms: Terms) -> None:
    less, more = sorted((one, other))
    assert quote(basket(less), terms).points <= quote(basket(more), terms).points


@given(amounts, terms())
def test_without_rules_it_is_the_formula_of_the_program_file(amount: int, terms: Terms) -> None:
    plain = terms._replace(earning=terms.earning.model_copy(update={"rules": ()}))
    rate, most = plain.earning.rupiah_per_point, plain.earning.most_points
    exact = Fraction(amount, rate) * plain.tier.multiplier_percent / 100
    expected = int(exact) if amount >= plain.earning.minimum_rupiah else 0
    assert quote(basket(amount), plain).points == min(expected, most or expected)


@given(amounts, goods, terms())
def test_a_limited_rule_never_gives_more_than_is_left(
    amount: int, goods: tuple[Good, ...], terms: Terms
) -> None:
    for line in quote(basket(amount, goods), terms).lines:
        if line.kind == "rule" and line.code in terms.left:
            assert line.points <= terms.left[line.code]


@given(amounts, goods, terms())
def test_the_order_of_the_lines_changes_nothing(
    amount: int, goods: tuple[Good, ...], terms: Terms
) -> None:
    there, back = basket(amount, goods), basket(amount, goods[::-1])
    assert quote(there, terms).points == quote(back, terms).points


@given(amounts, goods, terms())
def test_a_quote_that_was_kept_reads_the_same(
    amount: int, goods: tuple[Good, ...], terms: Terms
) -> None:
    found = quote(basket(amount, goods), terms)
    assert from_document(to_document(found)) == found
