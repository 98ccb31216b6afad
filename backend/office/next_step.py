"""What needs doing next in a rollout, and by whom."""

from dataclasses import dataclass

from backend.store.accounts import Role
from backend.store.rollouts import Rollout
from backend.store.waves import Wave, WaveState

NAMES = {
    Role.HR: "HR",
    Role.UNION: "the union",
    Role.COO: "leadership",
    Role.AUDITOR: "the auditor",
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """One sentence, who can do it, and the page where it is done."""

    text: str
    roles: frozenset[Role]
    link: str
    label: str


_BOTH = frozenset({Role.HR, Role.UNION})
_HR = frozenset({Role.HR})


def next_step(rollout: Rollout, waves: tuple[Wave, ...]) -> NextStep:
    """Find the one thing that everybody is waiting for."""
    waiting = [wave for wave in waves if wave.state is not WaveState.RELEASED]
    under_way = [wave for wave in waiting if wave.state is not WaveState.PLANNED]
    if under_way:
        return _wave_step(under_way[0])
    if rollout.missing_roles:
        return _signature(rollout)
    if waiting:
        return _wave_step(waiting[0])
    if waves:
        last = waves[-1]
        text = f"Read the results of {last.name}, and agree what will be done about them."
        return NextStep(text, frozenset(Role), f"/waves/{last.id}/results", "Read the results")
    agreement = f"/rollouts/{rollout.id}/agreement"
    return NextStep("Plan the first wave.", _HR, agreement, "Read the agreement")


def _signature(rollout: Rollout) -> NextStep:
    sides = " and ".join(NAMES[role] for role in rollout.missing_roles)
    return NextStep(
        f"The agreement waits for the signature of {sides}.",
        frozenset(rollout.missing_roles),
        f"/rollouts/{rollout.id}/agreement",
        "Read and sign",
    )


def _wave_step(wave: Wave) -> NextStep:
    link = f"/waves/{wave.id}"
    match wave.state:
        case WaveState.PLANNED:
            text = f"Print the cards for {wave.name}, hand them out, and open the wave."
            return NextStep(text, _HR, link, f"Prepare {wave.name}")
        case WaveState.OPEN:
            text = f"{wave.name} is open. Watch who has not been heard, and close it in time."
            return NextStep(text, _HR, link, f"See {wave.name}")
        case WaveState.CLOSED:
            text = f"{wave.name} is closed. Its ballots can be counted."
            return NextStep(text, _BOTH, link, "Count the ballots")
        case _:
            text = f"{wave.name} is counted. No page shows a number yet: release it to everyone."
            return NextStep(text, _BOTH, link, "Release the results")
