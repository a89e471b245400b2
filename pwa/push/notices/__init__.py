"""One module for each kind of notice; nothing else needs to be edited to add one.

NAME = _l("Runtun")      what the owner calls it
TOPIC = "streaks"        what the member can switch off (pwa/push/topics.py)
URGENCY = "low"          high, normal, low: RFC 8030, and what is sent first
PROMO = True             counts against the cap and needs the promo consent
QUIET = "defer"          in her quiet hours: bypass, defer (then drop when it expires)
BUNDLES = False          never waits for a digest

def compose(reader, facts) -> Words          the only required function
def tag(facts) -> str                        Topic and tag: a later one replaces an earlier
EVENTS = {"voucher.issued": plan}            plan(event) -> Iterable[Planned]
def calendar(now) -> Iterable[Call]          what should have begun by now, or soon
def audience(call_audience)                  of a Call: an SQL condition on Member
def sweep(call_facts, cursor, limit)         of a Call: notices with facts of their own
def untrue(facts, event_key) -> str | None   asked just before sending: why not any more
"""
