"""Who may do what: the whole table of role and route, asserted cell by cell."""

from pathlib import Path

import pytest
from litestar import Litestar, get

from backend import access
from backend.access import RULES, UnguardedRouteError, check_rules, may
from backend.office.app import create_office, routes_of
from backend.settings import Settings
from backend.store.accounts import Role
from tests.backend.office.people import come_in
from tests.backend.web.reader import Reader
from tests.backend.web.scenes import a_city_before_signing

# One letter for each role that may: H, U, C, A; a star where nobody needs to sign in.
TABLE = """
*     GET   /sign-in
*     POST  /sign-in
*     GET   /static/{name:str}
HUCA  POST  /sign-out
HUCA  GET   /
HUCA  GET   /rollouts/{rollout:str}/agreement
HU    POST  /rollouts/{rollout:str}/agreement
HUCA  GET   /waves/{wave:str}
H     GET   /waves/{wave:str}/open
H     POST  /waves/{wave:str}/open
H     GET   /waves/{wave:str}/close
H     POST  /waves/{wave:str}/close
HU    GET   /waves/{wave:str}/count
HU    POST  /waves/{wave:str}/count
HU    GET   /waves/{wave:str}/release
HU    POST  /waves/{wave:str}/release
HUCA  GET   /waves/{wave:str}/results
HUCA  GET   /waves/{wave:str}/briefing
HUCA  GET   /waves/{wave:str}/release.json
"""
LETTERS = {"H": Role.HR, "U": Role.UNION, "C": Role.COO, "A": Role.AUDITOR}
ROWS = [line.split() for line in TABLE.strip().splitlines()]
VALUES = {"{name:str}": "office.css", "{rollout:str}": "gps", "{wave:str}": "gps-1"}


@pytest.fixture
def app(sqlite_settings: Settings) -> Litestar:
    """Give the office itself."""
    return create_office(sqlite_settings)


def address(path: str) -> str:
    """Fill a route's path with things that exist."""
    for name, value in VALUES.items():
        path = path.replace(name, value)
    return path


async def test_table_lists_every_route(app: Litestar) -> None:
    """The stored table and the routes of the app are the same; none vanishes silently."""
    assert sorted((method, path) for _, method, path in ROWS) == sorted(routes_of(app))


@pytest.mark.parametrize(("letters", "method", "path"), ROWS)
def test_rules_say_what_the_table_says(letters: str, method: str, path: str) -> None:
    """Each role may use a route if and only if its letter stands there."""
    for letter, role in LETTERS.items():
        assert may(role, (method, path)) == (letters == "*" or letter in letters)
    assert may(None, (method, path)) == (letters == "*")


@pytest.mark.parametrize("role", [*Role, None], ids=str)
async def test_the_app_does_what_the_table_says(office: Reader, role: Role | None) -> None:
    """Asked over HTTP, every cell answers as the table says: pass, 403, or to the sign-in."""
    await a_city_before_signing()
    csrf = await come_in(office, role) if role else ""
    rows = [row for row in ROWS if row[2] not in {"/sign-out", "/sign-in", "/static/{name:str}"}]
    for letters, method, path in rows:
        send = office.get(address(path)) if method == "GET" else None
        seen = await (send or office.post(address(path), {"csrf": csrf}))
        allowed = any(LETTERS[letter] is role for letter in letters)
        expected = "passed" if allowed else "refused" if role else "sign-in"
        assert {403: "refused", 303: "sign-in"}.get(seen.status, "passed") == expected or (
            method == "POST" and allowed and seen.headers.get("location") != "/sign-in"
        ), (role, method, path, seen.status)


def test_a_route_without_a_rule_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unguarded route, or a rule without a route, is an error at start and not a hole later."""
    with pytest.raises(UnguardedRouteError, match="/new"):
        check_rules([*RULES, ("GET", "/new")])
    with pytest.raises(UnguardedRouteError, match="/sign-in"):
        check_rules(route for route in RULES if route != ("GET", "/sign-in"))
    monkeypatch.setattr(access, "RULES", {("GET", "/"): access.STAFF})
    with pytest.raises(UnguardedRouteError):
        check_rules(RULES)


async def test_create_office_checks_its_routes(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The office itself refuses to start when one of its routes has no rule."""

    @get("/forgotten")
    async def forgotten() -> str:
        """Answer anyone."""
        return "secret"

    monkeypatch.setattr("backend.office.app.RESULTS", (forgotten,))
    with pytest.raises(UnguardedRouteError, match="/forgotten"):
        create_office(sqlite_settings)


def test_the_manual_says_what_each_role_may_do() -> None:
    """The table of roles in docs/operating.md is the one that the rules give."""
    manual = Path("docs/operating.md").read_text(encoding="utf-8")
    for role in Role:
        assert f"| `{role}` | {', '.join(access.duties(role))} |" in manual
    assert set(access.DUTIES) <= set(RULES)
    changing = {route for route in RULES if route[0] == "POST"}
    assert changing - set(access.DUTIES) == {("POST", "/sign-in"), ("POST", "/sign-out")}
