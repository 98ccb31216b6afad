"""Slowing down guesses of passwords, without addresses of computers."""

import asyncio
import hashlib
import math
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from backend.errors import CanvassError

PER_ACCOUNT = 5
WINDOW_SECONDS = 300.0
_MOST_ACCOUNTS = 10_000

AT_ONCE = 2
MOST_WAITING = 16


class SignInBusy(CanvassError):  # noqa: N818 - it names a state, not a mistake
    """Too many passwords are being checked just now; nothing was counted."""


@dataclass(slots=True)
class HashingQueue:
    """Checks two passwords at a time and lets a few wait: each check takes a processor and 64 MiB.

    It bounds the rate of guesses over all accounts, and with it what the throttle must remember.
    """

    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _inside: int = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a turn; raises `SignInBusy` at once where too many wait already."""
        if self._inside >= AT_ONCE + MOST_WAITING:
            raise SignInBusy("Too many people are signing in just now.")
        self._inside += 1
        try:
            async with self._turn:
                yield
        finally:
            self._inside -= 1


@dataclass(slots=True)
class SignInThrottle:
    """Counts the tries of the last minutes for each account; `clock` gives seconds.

    Tries for one account never slow another one down. But whoever keeps guessing at one account
    makes its owner wait as well, at most for the window after the last try that was let through.
    """

    clock: Callable[[], float]
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    _tries: dict[bytes, list[float]] = field(default_factory=dict)

    def wait_seconds(self, email: str) -> int:
        """Give how long to wait before the next try; 0 if it may be tried now."""
        now = self.clock()
        recent = self._recent(email, now)
        if len(recent) < PER_ACCOUNT:
            return 0
        return math.ceil(recent[-PER_ACCOUNT] + WINDOW_SECONDS - now)

    def begin(self, email: str) -> int:
        """Count a try before its password is checked; if it has to wait, it is not counted."""
        wait = self.wait_seconds(email)
        if not wait:
            now = self.clock()
            self._forget_old(now)
            self._tries[self._key(email)] = [*self._recent(email, now), now]
        return wait

    def succeeded(self, email: str) -> None:
        """Forget the tries of an account that signed in."""
        self._tries.pop(self._key(email), None)

    def _forget_old(self, now: float) -> None:
        if len(self._tries) >= _MOST_ACCOUNTS:
            self._tries = {
                key: times for key, times in self._tries.items() if times[-1] > now - WINDOW_SECONDS
            }

    def _recent(self, email: str, now: float) -> list[float]:
        times = self._tries.get(self._key(email), [])
        return [time for time in times if time > now - WINDOW_SECONDS]

    def _key(self, email: str) -> bytes:
        return hashlib.sha256(self._salt + email.strip().lower().encode()).digest()
