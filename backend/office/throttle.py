"""Slowing down guesses of passwords, without ever locking anyone out and without addresses."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

PER_ACCOUNT = 5
OVERALL = 300
WINDOW_SECONDS = 300.0
_MOST_ACCOUNTS = 10_000


@dataclass(slots=True)
class SignInThrottle:
    """Counts failed sign-ins of the last minutes; `clock` gives seconds."""

    clock: Callable[[], float]
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    _failures: dict[bytes, list[float]] = field(default_factory=dict)
    _all: list[float] = field(default_factory=list)

    def wait_seconds(self, email: str) -> int:
        """Give how long to wait before the next try; 0 if it may be tried now."""
        now = self.clock()
        recent = self._recent(self._failures.get(self._key(email), []), now)
        waits = [0.0]
        if len(recent) >= PER_ACCOUNT:
            waits.append(recent[-PER_ACCOUNT] + WINDOW_SECONDS - now)
        self._all = self._recent(self._all, now)
        if len(self._all) >= OVERALL:
            waits.append(self._all[-OVERALL] + WINDOW_SECONDS - now)
        return int(max(waits) + 0.999)

    def failed(self, email: str) -> None:
        """Note a failed try."""
        now = self.clock()
        if len(self._failures) >= _MOST_ACCOUNTS:
            self._failures = {
                key: recent
                for key, times in self._failures.items()
                if (recent := self._recent(times, now))
            }
        key = self._key(email)
        self._failures[key] = [*self._recent(self._failures.get(key, []), now), now]
        self._all.append(now)

    def succeeded(self, email: str) -> None:
        """Forget the failures of an account that signed in."""
        self._failures.pop(self._key(email), None)

    def _key(self, email: str) -> bytes:
        return hashlib.sha256(self._salt + email.strip().lower().encode()).digest()

    @staticmethod
    def _recent(times: list[float], now: float) -> list[float]:
        return [time for time in times if time > now - WINDOW_SECONDS]
