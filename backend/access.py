"""Who may use which page of the office: one table, and the office refuses to start beside it."""

from collections.abc import Iterable, Mapping

from backend.errors import CanvassError
from backend.store.accounts import Role

Route = tuple[str, str]
"""Method and path as the app declares it, such as ``("GET", "/waves/{wave:str}")``."""

ANYONE: frozenset[Role] | None = None
"""Open without signing in."""

STAFF = frozenset(Role)
HR = frozenset({Role.HR})
# Either side may count and release, so that neither can sit on the results.
SIGNING = frozenset({Role.HR, Role.UNION})

RULES: Mapping[Route, frozenset[Role] | None] = {
    ("GET", "/static/{name:str}"): ANYONE,
    ("GET", "/sign-in"): ANYONE,
    ("POST", "/sign-in"): ANYONE,
    ("POST", "/sign-out"): STAFF,
    ("GET", "/"): STAFF,
    ("GET", "/rollouts/{rollout:str}/agreement"): STAFF,
    ("POST", "/rollouts/{rollout:str}/agreement"): SIGNING,
    ("GET", "/waves/{wave:str}"): STAFF,
    ("GET", "/waves/{wave:str}/open"): HR,
    ("POST", "/waves/{wave:str}/open"): HR,
    ("GET", "/waves/{wave:str}/close"): HR,
    ("POST", "/waves/{wave:str}/close"): HR,
    ("GET", "/waves/{wave:str}/count"): SIGNING,
    ("POST", "/waves/{wave:str}/count"): SIGNING,
    ("GET", "/waves/{wave:str}/release"): SIGNING,
    ("POST", "/waves/{wave:str}/release"): SIGNING,
    # Released numbers are the same for every role, at the same minute (DESIGN.md, rule 4).
    ("GET", "/waves/{wave:str}/results"): STAFF,
    ("GET", "/waves/{wave:str}/briefing"): STAFF,
    ("GET", "/waves/{wave:str}/release.json"): STAFF,
}


DUTIES: Mapping[Route, str] = {
    ("POST", "/rollouts/{rollout:str}/agreement"): "sign the agreement",
    ("POST", "/waves/{wave:str}/open"): "open waves",
    ("POST", "/waves/{wave:str}/close"): "close them",
    ("POST", "/waves/{wave:str}/count"): "count the ballots",
    ("POST", "/waves/{wave:str}/release"): "release the results",
    ("GET", "/rollouts/{rollout:str}/agreement"): "read the agreement",
    ("GET", "/waves/{wave:str}"): "watch how many take part, rounded, while a wave is open",
    ("GET", "/waves/{wave:str}/results"): "read the released results",
    ("GET", "/waves/{wave:str}/briefing"): "read the briefing",
    ("GET", "/waves/{wave:str}/release.json"): "take the release file",
}
"""What a route lets someone do, in the words of docs/operating.md."""


class UnguardedRouteError(CanvassError):
    """A route has no rule, or a rule has no route."""


def may(role: Role | None, route: Route) -> bool:
    """Tell whether someone with this role (None: not signed in) may use a route."""
    allowed = RULES[route]
    return allowed is None or role in allowed


def duties(role: Role) -> list[str]:
    """List what a role may do."""
    return [duty for route, duty in DUTIES.items() if may(role, route)]


def needs_sign_in(route: Route) -> bool:
    """Tell whether a route is closed to people who have not signed in."""
    return RULES[route] is not None


def check_rules(routes: Iterable[Route]) -> None:
    """Refuse to go on unless routes and rules match one to one."""
    declared = set(routes)
    unguarded = sorted(declared - RULES.keys())
    stale = sorted(RULES.keys() - declared)
    if unguarded or stale:
        raise UnguardedRouteError(
            f"backend/access.py: no rule for {unguarded}, rules without a route: {stale}. "
            "Give every route of the office exactly one rule."
        )
