"""Every role and every action: the table is written out once more by hand, so that a slip in either is found."""

from dataclasses import replace
from datetime import timedelta

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.policy import Action, may, scope
from omnichannel.domain.work import Work
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_case, a_conversation

LOOK = "see_desk read see_register see_lapor"
TALK = "record reply note assign classify resolve label acknowledge_alarm"
TABLE = {
    Role.AGENT: f"{LOOK} {TALK} key_in conclude see_accounts",
    Role.PPID: f"{LOOK} {TALK} decide approve answer_task manage_lists conclude void export",
    Role.LAPOR: f"{LOOK} {TALK} key_in conclude void export",
    Role.UNIT: f"{LOOK} reply note resolve label acknowledge_alarm answer_task manage_lists",
    Role.SUPERVISOR: f"{LOOK} {TALK} decide approve answer_task manage_lists conclude void key_in see_accounts see_audit see_learning teach manage_moves manage_rules manage_labels export",
    Role.ADMINISTRATOR: " ".join(action.value for action in Action),
    Role.AUDITOR: f"{LOOK} see_accounts see_audit see_learning",
}
WRITES = {
    "reply",
    "note",
    "assign",
    "classify",
    "resolve",
    "decide",
    "conclude",
    "void",
    "key_in",
    "manage_staff",
    "teach",
    "manage_moves",
    "label",
    "manage_labels",
}
WRITES |= {"approve", "answer_task", "manage_lists", "record", "export"}


def officer(role: Role, unit: str | None = None) -> Staff:
    return Staff(id=1, login="petugas", name="Petugas", role=role, unit=unit)


@pytest.mark.parametrize("role", Role)
def test_every_role_may_do_exactly_what_the_table_says(role: Role) -> None:
    assert {action.value for action in Action if may(officer(role), action)} == set(TABLE[role].split())


def test_an_auditor_changes_nothing() -> None:
    assert not {action.value for action in Action if may(officer(Role.AUDITOR), action)} & WRITES


@pytest.mark.parametrize("role", Role)
def test_a_disabled_login_may_nothing(role: Role) -> None:
    gone = replace(officer(role), disabled_at=NOON - timedelta(days=1))

    assert not [action for action in Action if may(gone, action)]


def test_a_refusal_says_why() -> None:
    assert may(officer(Role.AUDITOR), Action.REPLY).why
    assert not may(officer(Role.AGENT), Action.REPLY).why


async def test_a_unit_officer_sees_their_own_unit_and_no_other(quick_store: SqlStore) -> None:
    def story(work: Work):
        talks = {unit: a_conversation(work, unit=unit) for unit in ("dishub", "dpupr")} | {None: a_conversation(work)}
        return talks, {unit: a_case(work, unit=unit) for unit in ("dishub", "dpupr", None)}

    talks, cases = await quick_store.write(story)

    for things in (talks, cases):
        for unit, thing in things.items():
            for action in (Action.READ, Action.REPLY, Action.NOTE, Action.RESOLVE):
                assert bool(may(officer(Role.UNIT, "dishub"), action, thing)) is (unit == "dishub")
            assert not may(officer(Role.UNIT, None), Action.READ, thing), "an officer of no unit sees nothing"
            assert may(officer(Role.AGENT, "dpupr"), Action.READ, thing), "a unit limits nobody but a unit officer"


async def test_who_passes_a_thing_on_to_another_unit_passes_the_right_to_see_it(quick_store: SqlStore) -> None:
    talk = await quick_store.write(lambda work: a_conversation(work, unit="dishub"))

    assert may(officer(Role.UNIT, "dishub"), Action.READ, talk)
    assert not may(officer(Role.UNIT, "dishub"), Action.READ, replace(talk, unit="dpupr"))


async def test_an_information_request_is_concluded_by_the_ppid(quick_store: SqlStore) -> None:
    request, report = await quick_store.write(
        lambda work: (a_case(work, kind=Kind.INFORMATION_REQUEST), a_case(work, kind=Kind.COMPLAINT))
    )

    allowed = {role for role in Role if may(officer(role), Action.CONCLUDE, request)}

    assert allowed == {Role.PPID, Role.SUPERVISOR, Role.ADMINISTRATOR}
    assert may(officer(Role.LAPOR), Action.CONCLUDE, report)


def test_lists_are_limited_by_the_same_rule() -> None:
    assert scope(officer(Role.UNIT, "dishub")).unit == "dishub"
    assert scope(officer(Role.AGENT, "dishub")).unit is None
    assert scope(officer(Role.UNIT, None)).unit not in (None, ""), "no unit must not read as every unit"
