"""How many cases still run in each queue, office and unit, kept by difference in the transaction that moves a case."""

from omnichannel.domain.case import Case
from omnichannel.store.counters import scope_key
from omnichannel.store.lists import ADD
from omnichannel.store.shelf import Shelf

RUNNING = "kasus"  # the counters' view; cases are no conversations, and stand in no list of those


def memberships(case: Case | None) -> frozenset[str]:
    """Every scope that counts this case."""
    if case is None or not case.state.running:
        return frozenset()
    units = {None, case.unit}
    return frozenset(scope_key(unit=unit, queue=case.queue.value) for unit in units)


class CaseCounts(Shelf):
    """What `cases_list(…, state="running")` would list, without listing it."""

    def move(self, before: Case | None, after: Case) -> None:
        was, now = memberships(before), memberships(after)
        changes = dict.fromkeys(now - was, 1) | dict.fromkeys(was - now, -1)
        if changes:
            self.run(ADD[self.dialect], [{"view": RUNNING, "scope": one, "n": n} for one, n in sorted(changes.items())])
