"""What time does to members: clocks of erasure end, merged accounts' points follow, codes age."""

from pwa.members.erasure import erase_due
from pwa.members.merging import follow_up
from pwa.members.onetime import forget_old

JOBS = {
    "erase members": erase_due,
    "points of merged accounts": follow_up,
    "forget old codes": forget_old,
}
