"""How many requests are let in: by address, and by account, path and category."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from exchange.conditions import Key
from exchange.endpoints import ENDPOINTS
from exchange.standing import documented
from exchange.venue import Venue

_CONTRACTS = ("linear", "inverse")


@dataclass(frozen=True)
class Admission:
    """Whether one more request was let in, and what the headers of its answer say."""

    is_admitted: bool
    limit: int
    left: int
    reset: int  # in ms

    @property
    def headers(self) -> dict[str, str]:
        return {
            "X-Bapi-Limit": str(self.limit),
            "X-Bapi-Limit-Status": str(self.left),
            "X-Bapi-Limit-Reset-Timestamp": str(self.reset),
        }


@documented("v5/rate-limit")
def admit(venue: Venue, key: Key, method: str, path: str, category: str) -> Admission:
    """Requests are counted over the last second, per account and path; linear and inverse are counted together."""
    per_second = ENDPOINTS[method, path].per_second
    limit = venue.conditions.limits.per_second.get(path) or per_second.get(category, per_second[""])
    group = "contract" if category in _CONTRACTS else category
    now, visits = venue.clock.now, venue.visits.setdefault((key.environment, key.api_key, path, group), deque())
    while visits and visits[0] <= now - 1000:
        visits.popleft()
    if len(visits) >= limit:
        return Admission(False, limit, 0, visits[0] + 1000)
    visits.append(now)
    return Admission(True, limit, limit - len(visits), now)


@documented("v5/rate-limit")
def is_banned(venue: Venue, address: str) -> bool:
    """More than 600 requests in 5 s from one address, and it gets HTTP 403 for the next 10 minutes."""
    now, visits = venue.clock.now, venue.visits.setdefault((address,), deque())
    if now < venue.banned_until:
        return True
    while visits and visits[0] <= now - 5000:
        visits.popleft()
    visits.append(now)
    if len(visits) > venue.conditions.limits.per_address:
        venue.banned_until = now + round(venue.conditions.limits.ban * 1000)
    return now < venue.banned_until
