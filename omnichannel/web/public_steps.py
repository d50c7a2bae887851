"""A case as its citizen reads it: what has been done, where it stands, and until when they hear from us."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from omnichannel.domain.case import Case, CaseState, Kind
from omnichannel.domain.house import House
from omnichannel.domain.objection import VERDICTS, Objection, ObjectionState
from omnichannel.web import labels
from omnichannel.web.wording import Wording

DONE, NOW, THEN = "ok", "now", "then"


@dataclass(frozen=True, slots=True)
class Step:
    """One stage. `look` is ok (done), now, or then (still to come)."""

    look: str
    title: str
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A case for the tracking page. `news` is the day by which they hear the next thing, None when nothing is owed;
    `objectable`: they may file an objection now."""

    case: Case
    state: str
    steps: tuple[Step, ...]
    news: date | None
    late: bool
    objectable: bool = False


def story_of(
    case: Case, parts: House, wording: Wording, *, box: bool = True, objections: Sequence[Objection] = ()
) -> Story:
    """In plain words of the reader's language. `box`: the page has one to write in."""
    if case.state is CaseState.VOIDED:
        gone = Step(DONE, wording.t("Nomor ini tidak dipakai lagi"), wording.moment(case.closed_at))
        return Story(case, gone.title, (_received(case, wording), gone), None, False)
    unit = labels.unit_name(parts.organisation, case.unit) if case.unit else ""
    steps = (_received(case, wording), _looked_at(case, wording), *_in_lapor(case, wording))
    steps += (_handled(case, unit, wording), _answered(case, wording, box=box))
    if objections:
        steps = (*steps[:-1], replace(steps[-1], note=""))  # the right was used
    steps += tuple(step for one in objections for step in _objected(one, parts, wording))
    late = case.overdue(wording.today)
    asked = case.kind is Kind.INFORMATION_REQUEST and (late or case.state is CaseState.ANSWERED)
    state = _state(case, unit, wording)
    return Story(case, state, steps, _news(case, wording.today), late, asked and not objections)


def _objected(one: Objection, parts: House, wording: Wording) -> tuple[Step, ...]:
    """An objection and what follows it (UU 14/2008, Pasal 36 and 37)."""
    filed = Step(DONE, wording.t("Keberatan {nomor} tercatat", nomor=one.number), wording.moment(one.received_at))
    superior = parts.office.ppid.superior
    if one.state is ObjectionState.OPEN:
        until = wording.t("paling lambat {hari}", hari=wording.day(one.due))
        return filed, Step(NOW, wording.t("Menunggu tanggapan {atasan}", atasan=superior), until)
    if one.verdict is not None:
        words = wording.t(VERDICTS[one.verdict])
        day = wording.day(one.dispute_due) if one.dispute_due else ""
        note = wording.t("Belum puas? Sengketa ke Komisi Informasi dapat diajukan paling lambat {hari}.", hari=day)
        said = Step(DONE, words[:1].upper() + words[1:], wording.moment(one.answered_at), note if day else "")
        return filed, said
    if one.state is ObjectionState.TOO_LATE:
        return (replace(filed, note=wording.t("Diajukan lewat waktu, sehingga tidak dapat diteruskan.")),)
    if one.state is ObjectionState.WITHDRAWN:
        return (replace(filed, note=wording.t("Sudah Anda cabut.")),)
    return (filed,)


def _received(case: Case, wording: Wording) -> Step:
    return Step(DONE, wording.t("Diterima"), f"{wording.day(case.received_at)}, {_time(case, wording)}")


def _time(case: Case, wording: Wording) -> str:
    return f"{wording.clock(case.received_at)} {wording.zone_name}"


def _looked_at(case: Case, wording: Wording) -> Step:
    if case.certain or not case.state.running:
        return Step(DONE, wording.t("Diperiksa dan diberi nomor"), wording.moment(case.created_at))
    return Step(NOW, wording.t("Menunggu diperiksa petugas"))


def _in_lapor(case: Case, wording: Wording) -> tuple[Step, ...]:
    if case.tracking_id is None:
        return ()
    note = wording.t("Tracking ID di SP4N-LAPOR!: {id}", id=case.tracking_id)
    if case.lapor_status:
        note = f"{note}. {wording.t('Kabar terakhir dari sana: {status}', status=case.lapor_status)}"
    return (Step(DONE, wording.t("Diteruskan ke SP4N-LAPOR!"), wording.moment(case.lapor_at), note),)


def _handled(case: Case, unit: str, wording: Wording) -> Step:
    title = wording.t("Ditangani {unit}", unit=unit) if unit else wording.t("Ditangani petugas")
    return Step((NOW if case.certain else THEN) if case.state.running else DONE, title)


def _answered(case: Case, wording: Wording, *, box: bool) -> Step:
    if case.state.running:
        until = wording.t("paling lambat {hari}", hari=wording.day(case.due))
        return Step(THEN, wording.t("Jawaban untuk Anda"), until)
    how = wording.t(labels.OUTCOMES[case.outcome]).capitalize() if case.outcome else wording.t("Selesai")
    return Step(DONE, how, wording.moment(case.closed_at), _next_right(case, wording, box=box))


def _next_right(case: Case, wording: Wording, *, box: bool) -> str:
    """What the citizen may still do (UU 14/2008, Pasal 35 and 36; PermenPANRB 62/2018)."""
    if case.state is not CaseState.ANSWERED:
        return ""
    if case.kind is Kind.INFORMATION_REQUEST:
        return wording.t(
            "Tidak setuju? Anda berhak mengajukan keberatan kepada atasan PPID paling lambat 30 hari kerja setelah jawaban."
        )
    if not box:
        return wording.t("Belum puas? Tanggapi dalam 10 hari kerja di tempat Anda menulis.")
    return wording.t("Belum puas? Tanggapi dalam 10 hari kerja lewat kotak di bawah.")


def _state(case: Case, unit: str, wording: Wording) -> str:
    if not case.state.running:
        return wording.t("Sudah dijawab") if case.state is CaseState.ANSWERED else wording.t("Selesai")
    if not case.certain:
        return wording.t("Menunggu diperiksa petugas")
    if case.state is CaseState.FORWARDED:
        return wording.t("Ditindaklanjuti lewat SP4N-LAPOR!")
    return wording.t("Sedang ditangani {unit}", unit=unit) if unit else wording.t("Sedang ditangani")


def _news(case: Case, today: date) -> date | None:
    """The nearest day by which the law wants a word from us: a stage of a complaint, else the answer itself."""
    if not case.state.running:
        return None
    stages = [
        date.fromisoformat(clock["due"])
        for clock in case.clocks.get("clocks", ())
        if clock.get("track") == case.queue.value and clock.get("starts") == "receipt"
    ]
    return min((day for day in (*stages, case.due) if today <= day <= case.due), default=case.due)
