"""Signing in and out: passwords, sessions, cookies, and forms from elsewhere."""

import asyncio
from collections import Counter

import pytest

from backend.office.app import create_office
from backend.office.throttle import (
    AT_ONCE,
    MOST_WAITING,
    PER_ACCOUNT,
    WINDOW_SECONDS,
    HashingQueue,
    SignInBusy,
    SignInThrottle,
)
from backend.settings import Settings
from backend.store.accounts import Role, disable_account
from tests.backend.office.people import PASSWORD, an_account_with_password, come_in, sign_in
from tests.backend.web.reader import Reader


async def test_password_opens_the_office(office: Reader) -> None:
    """With the right password the overview comes, and the name stands on it."""
    account = await an_account_with_password()
    answer = await sign_in(office, account.email.upper())
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "Hannah Reyes, HR" in (await office.get("/")).text


async def test_wrong_password_and_unknown_address_look_alike(office: Reader) -> None:
    """Nobody learns whether an address has an account; what was typed stays."""
    account = await an_account_with_password()
    wrong = await sign_in(office, account.email, "wrong password")
    unknown = await sign_in(office, "nobody@city.example", "wrong password")
    assert wrong.status == unknown.status == 400
    assert wrong.text == unknown.text
    assert account.email in wrong.html
    assert "wrong password" not in wrong.html


async def test_session_cookie_is_guarded(office: Reader) -> None:
    """The cookie is HttpOnly, SameSite=Strict and ends with the browser."""
    account = await an_account_with_password()
    cookie = (await sign_in(office, account.email)).headers["set-cookie"].lower()
    assert "canvass-session=" in cookie
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "domain" not in cookie


async def test_secure_cookies_carry_the_host_prefix(
    sqlite_settings: Settings,
) -> None:
    """Behind TLS the cookies are Secure and named __Host-, and HSTS is sent."""
    settings = Settings(sqlite_settings.database, sqlite_settings.data, secure_cookies=True)
    async with Reader(create_office(settings), cookies=True) as office:
        headers = (await office.get("/sign-in")).headers
    assert headers["set-cookie"].startswith("__Host-canvass-form=")
    assert "secure" in headers["set-cookie"].lower()
    assert "includeSubDomains" in headers["strict-transport-security"]


async def test_an_id_chosen_by_someone_else_is_worthless(office: Reader) -> None:
    """A session id that was set before the sign-in is neither kept nor made valid (fixation)."""
    account = await an_account_with_password()
    office.client.cookies.set("canvass-session", "chosen-by-an-attacker")
    await sign_in(office, account.email)
    office.client.cookies.clear()
    office.client.cookies.set("canvass-session", "chosen-by-an-attacker")
    assert (await office.get("/")).headers["location"] == "/sign-in"


async def test_signing_in_again_gives_a_new_id(office: Reader) -> None:
    """Every sign-in makes a fresh id, and the one before is dead."""
    account = await an_account_with_password()
    await sign_in(office, account.email)
    first = office.client.cookies["canvass-session"]
    await sign_in(office, account.email)
    assert office.client.cookies["canvass-session"] != first
    office.client.cookies.clear()
    office.client.cookies.set("canvass-session", first)
    assert (await office.get("/")).status == 303


async def test_signing_out_ends_the_session(office: Reader) -> None:
    """After signing out the old cookie opens nothing."""
    csrf = await come_in(office, Role.COO)
    token = office.client.cookies["canvass-session"]
    answer = await office.post("/sign-out", {"csrf": csrf})
    assert answer.headers["location"] == "/sign-in"
    office.client.cookies.clear()
    office.client.cookies.set("canvass-session", token)
    assert (await office.get("/")).headers["location"] == "/sign-in"


async def test_a_disabled_account_is_out_at_once(office: Reader) -> None:
    """Disabling an account ends its sessions."""
    await come_in(office, Role.HR)
    assert (await office.get("/")).status == 200
    await disable_account("hr@city.example")
    assert (await office.get("/")).status == 303


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "é".encode().hex()])
async def test_odd_session_cookies_mean_nobody(office: Reader, token: str) -> None:
    """A cookie of any other form leads to the sign-in, never to a failure."""
    office.client.cookies.set("canvass-session", token)
    assert (await office.get("/")).headers["location"] == "/sign-in"


async def test_forms_need_the_page_token(office: Reader) -> None:
    """A form without the token of its own session changes nothing."""
    csrf = await come_in(office, Role.HR)
    for wrong in ("", "x", csrf[::-1]):
        assert (await office.post("/sign-out", {"csrf": wrong})).status == 403
    assert (await office.get("/")).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
async def test_forms_from_elsewhere_are_refused(office: Reader, headers: dict[str, str]) -> None:
    """Even with the right token, a form that another site sent is refused."""
    csrf = await come_in(office, Role.HR)
    assert (await office.post("/sign-out", {"csrf": csrf}, headers)).status == 403


async def test_sign_in_form_needs_its_own_cookie(office: Reader) -> None:
    """The sign-in form works only with the cookie that came with it (no forced sign-in)."""
    account = await an_account_with_password()
    fields = (await office.get("/sign-in")).hidden("/sign-in")
    office.client.cookies.clear()
    fields |= {"email": account.email, "password": PASSWORD}
    assert (await office.post("/sign-in", fields)).status == 403


async def test_many_failures_slow_an_account_down(office: Reader) -> None:
    """After five wrong passwords the account has to wait, even with the right one."""
    account = await an_account_with_password()
    for _ in range(PER_ACCOUNT):
        await sign_in(office, account.email, "wrong")
    slowed = await sign_in(office, account.email)
    assert slowed.status == 429
    assert int(slowed.headers["retry-after"]) <= WINDOW_SECONDS
    assert (await sign_in(office, "other@city.example", "wrong")).status == 400


def test_waiting_ends_by_itself() -> None:
    """The wait is never longer than the window, and a success wipes the slate."""
    now = 0.0
    throttle = SignInThrottle(lambda: now)
    for _ in range(PER_ACCOUNT):
        assert throttle.begin("A@city.example") == 0
    for _ in range(3):
        assert throttle.begin("a@city.example ") == WINDOW_SECONDS
    now = WINDOW_SECONDS
    assert throttle.wait_seconds("a@city.example") == 0
    for _ in range(PER_ACCOUNT):
        assert throttle.begin("a@city.example") == 0
    throttle.succeeded("a@city.example")
    assert throttle.wait_seconds("a@city.example") == 0


def test_failures_of_others_lock_nobody_out() -> None:
    """Hundreds of tries for made-up addresses leave every other account free."""
    throttle = SignInThrottle(lambda: 0.0)
    for number in range(1000):
        assert throttle.begin(f"{number % 300}@city.example") in {0, WINDOW_SECONDS}
    assert throttle.begin("hr@city.example") == 0


async def attempts(office: Reader, emails: list[str]) -> Counter[int]:
    """Send a wrong password for each address, all at once, and count the answers."""
    fields = (await office.get("/sign-in")).hidden("/sign-in") | {"password": "wrong"}
    requests = [
        office.client.build_request(
            "POST",
            "/sign-in",
            data=fields | {"email": email},
            headers={"Origin": "http://canvass.test"},
        )
        for email in emails
    ]
    answers = await asyncio.gather(*(office.client.send(request) for request in requests))
    assert all(
        int(answer.headers["retry-after"]) > 0 for answer in answers if answer.status_code > 400
    )
    return Counter(answer.status_code for answer in answers)


async def test_a_burst_gets_no_more_tries(office: Reader) -> None:
    """Of many tries for one account at once, only the allowed few are checked."""
    seen = await attempts(office, ["hr@city.example"] * 100)
    assert seen[400] == PER_ACCOUNT
    assert seen[429] + seen[503] == 100 - PER_ACCOUNT


async def test_a_flood_is_turned_away_and_passes(office: Reader) -> None:
    """Of many tries for many accounts only a few wait; soon after, anyone can sign in."""
    account = await an_account_with_password()
    seen = await attempts(office, [f"{number}@city.example" for number in range(60)])
    assert seen == {400: AT_ONCE + MOST_WAITING, 503: 60 - AT_ONCE - MOST_WAITING}
    assert (await sign_in(office, account.email)).status == 303


async def test_two_passwords_are_checked_at_a_time() -> None:
    """However many wait, no more than two checks run at once; a failed one gives its place back."""
    queue = HashingQueue()
    running, most = 0, 0
    release = asyncio.Event()

    async def check() -> None:
        nonlocal running, most
        async with queue.place():
            running += 1
            most = max(most, running)
            await release.wait()
            running -= 1
            raise ValueError

    checks = [asyncio.create_task(check()) for _ in range(AT_ONCE + MOST_WAITING + 1)]
    await asyncio.wait(checks, return_when=asyncio.FIRST_COMPLETED)
    assert [isinstance(c.exception(), SignInBusy) for c in checks if c.done()] == [True]
    release.set()
    await asyncio.gather(*checks, return_exceptions=True)
    assert most == AT_ONCE
    async with queue.place():
        pass
