"""Rate limits at the edges. Counted in memory, or in Redis when there are several processes."""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, strategy="moving-window")

# A shop's whole Wi-Fi, or a mobile operator's NAT, may stand behind one address.
LOGIN = "30 per minute; 300 per hour"
JOIN = "20 per minute; 200 per hour"
WRONG = "5 per minute; 50 per day"  # wrong passwords for one number, from wherever they come
CODE = "60 per minute"  # card and voucher codes typed at the till
