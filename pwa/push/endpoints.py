"""Where a browser says its messages go: an address from outside, so it is checked.

https, port 443, a host on the list (push.md, 14). A loopback host that the operator put on
the list may be plain http on any port: that is how tests run a push service of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

MOST_CHARS = 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_allowed(endpoint: str, hosts: Sequence[str]) -> bool:
    """Whether we would ever post to `endpoint`."""
    if len(endpoint) > MOST_CHARS or not endpoint.isascii() or not endpoint.isprintable():
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.username or parts.password or " " in endpoint or not _is_listed(host, hosts):
        return False
    if host in LOOPBACK:
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and port in (None, 443) and _has_path(parts)


def service_name(origin: str) -> str:
    """What the owner calls this push service."""
    host = urlsplit(origin).hostname or origin
    known = (("googleapis.com", "Chrome"), ("mozilla.com", "Firefox"), ("push.apple.com", "Safari"),
             ("notify.windows.com", "Edge"))  # fmt: skip
    return next((name for suffix, name in known if host.endswith(suffix)), host)


def without_secret(endpoint: str) -> str:
    """The endpoint as it may stand in a log: whose it is, and its last four letters."""
    return f"{urlsplit(endpoint).hostname}/…{endpoint[-4:]}"


def _is_listed(host: str, hosts: Sequence[str]) -> bool:
    return any(
        host.endswith(known[1:]) if known.startswith("*.") else host == known for known in hosts
    )


def _has_path(parts: SplitResult) -> bool:
    return len(parts.path) > 1
