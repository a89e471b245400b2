"""A slow, obvious model of a streak: one letter for each day."""

from datetime import date

from hypothesis import strategies as st

from games.streak import DAY, Facts, Pause, Rules, State, history

RULES = Rules()
MONDAY = date(2026, 11, 2)


def day(n: int) -> date:
    return MONDAY + n * DAY


def days(*ns: int) -> frozenset[date]:
    return frozenset(day(n) for n in ns)


def marks(facts: Facts, until: int) -> str:
    return "".join(d.mark[0] for d in history(facts, RULES, day(until)))


# The model: letters, one for each day, rewritten until nothing is left to decide.


def model(facts: Facts, until: date) -> str:
    """D done, P paused, R repaired, F frozen, M missed, I idle; from the first fact on."""
    start = min([*facts.check_ins, *facts.grants], default=until)
    ons = [start + n * DAY for n in range(max(0, (until - start).days))]
    letters = [letter(facts, on) for on in ons]
    for place, on in enumerate(ons):
        if letters[place] not in "?R":
            continue
        run = "".join(letters[:place]).rpartition("M")[2]
        got = sum(g <= on for g in facts.grants)
        if "D" not in run:
            letters[place] = "I"
        elif letters[place] == "?":
            letters[place] = "F" if got > letters.count("F") else "M"
    return "".join(letters)


def letter(facts: Facts, on: date) -> str:
    if on in facts.check_ins:
        return "D"
    if any(p.first_on <= on <= p.last_on and on >= p.announced_on for p in facts.pauses):
        return "P"
    return "R" if on in facts.repairs else "?"


def model_state(facts: Facts, until: date) -> tuple[int, int, int]:
    letters = model(facts, until)
    runs = [run.count("D") for run in letters.split("M")]
    held = sum(g < until for g in facts.grants) - letters.count("F")
    return runs[-1], max(runs), held


LETTER_OF = {"done": "D", "paused": "P", "missed": "M", "idle": "I"}
OFFSETS = st.integers(0, 45)
ONS = OFFSETS.map(day)
PAUSES = st.builds(
    lambda first, length, notice: Pause(day(first), day(first + length), day(first - notice)),
    OFFSETS,
    st.integers(0, 9),
    st.integers(-3, 3),
)
FACTS = st.builds(
    Facts,
    st.frozensets(ONS, max_size=46),
    st.lists(PAUSES, max_size=3).map(tuple),
    st.lists(ONS, max_size=5).map(tuple),
    st.frozensets(ONS, max_size=5),
    base=st.just(State()),
    base_on=st.none(),
)
