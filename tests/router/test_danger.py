"""The learnt head for danger to life: what it adds to the rules, what it leaves to them, and what it may cost."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from omnichannel.domain.errors import Invalid
from omnichannel.domain.verdict import Verdict
from omnichannel.judging import carried_alerts
from omnichannel.router.classify import CueClassifier
from omnichannel.router.danger import STEP, WHOLE, WIDTH, DangerModel, Head, pack, windows
from omnichannel.router.danger_layer import NONE, Layer, Said, Sum
from omnichannel.router.danger_lessons import GENERAL, alerts
from tests.router.reading import alert_classifier, classifier, messages, understanding

LETTER = (
    "Selamat pagi Bapak dan Ibu. Saya warga RT 5 ingin menanyakan iuran sampah yang katanya naik. Petugas jarang datang, "
    "kuitansi tidak pernah ada, dan bak di ujung gang sudah pecah. Saya juga usul agar jadwal angkut dipasang di balai desa. "
)


ROW: dict[str, Any] = {
    "bias": -1.0,
    "alarm": 0.0,
    "alarm_long": 1.5,
    "watch": -1.0,
    "watch_long": 0.5,
    "signs": {},
    "layer": {"scale": 0.01, "bias": [0.0, 0.0], "out": [1.0, -1.0]},
    "about": {},
}
LOUD, MUTE = bytes([NONE + 100, NONE]), bytes([NONE, NONE + 100])


def judged(text: str) -> Verdict:
    return alert_classifier().classify(text)


def head(**signs: float) -> Head:
    said = {name: Said(weight) for name, weight in signs.items()}
    return Head(bias=-1.0, alarm=0.0, alarm_long=0.0, watch=-0.5, watch_long=-0.5, signs=said)


@pytest.mark.parametrize(
    "text",
    [
        "nenek rebah di dapur, dipanggil tidak menyahut, bibirnya biru",
        "bocah itu timbul tenggelam di tengah danau, tidak ada yang bisa renang",
        "ulun di loteng lawan anak halus, banyu tarus naik, lakasi pang",
        "tulung mas, bapakku kesetrum durung iso diculne",
        "kk tlg ad yg ngamuk bw parang d dpn rmh kami smbunyi",
        "TOLOOOONGGG RUMAAAHHH KEBAKARAAAN",
        "kbkran di gg mawar, t0long damkar",
        "suami saya sedang memukuli saya, anak saya sembunyi di lemari",
    ],
)
def test_danger_is_heard_in_haste_and_in_every_tongue(text: str) -> None:
    assert judged(text).urgent


@pytest.mark.parametrize(
    "text",
    [
        "Anak saya dipukul gurunya kemarin, lapor ke mana?",
        "tali jembatan gantung sudah putus sebelah, mohon diperbaiki",
        "suami pernah memukul saya tahun lalu, bagaimana mengurus cerai?",
        "harga gabah jatuh, petani sekarat",
        "besok simulasi kebakaran di sekolah, mohon izin",
        "terima kasih damkar, api di dapur kami sudah padam semalam",
        "bunuh rayap di kantor desa pakai apa ya min",
    ],
)
def test_another_day_another_meaning_is_calm(text: str) -> None:
    assert not judged(text).urgent


def test_the_last_sentence_of_a_long_letter_is_heard() -> None:
    assert not judged(LETTER + LETTER).urgent
    assert judged(LETTER + LETTER + "Barusan ibu saya jatuh di kamar mandi, kepalanya berdarah dan tidak sadar.").urgent


def test_the_words_that_rang_it_are_shown() -> None:
    text = "tolong, kakek rebah di sawah, dipanggil tidak menyahut dan bibirnya biru"

    reasons = [reason for reason in judged(text).reasons if reason.speaks_for.startswith("urgent:")]

    assert reasons
    assert all(reason.cue == text[reason.start : reason.end] and reason.weight > 0 for reason in reasons)


def test_without_a_head_the_rules_ring_alone() -> None:
    assert classifier().classify("tolong kebakaran di pasar, api besar").urgent


def test_an_open_cry_rings_whatever_was_learnt() -> None:
    deaf = CueClassifier(understanding(), DangerModel(replace(head(), bias=-99.0), {}))
    loud = next(
        row["text"]
        for row in messages("danger_test")
        if (found := classifier().features(row["text"]).alarms)
        and found[0].weight >= understanding().routing.urgent.sure
    )

    assert deaf.classify(loud).urgent
    assert not deaf.classify("banjir masuk rumah").urgent


def test_an_idea_added_to_the_table_is_heard_without_learning() -> None:
    made = DangerModel(head(**{"idea:setrum": 5.0}), {})

    assert CueClassifier(understanding(), made).classify("kula kasetrum").urgent


@pytest.mark.parametrize("text", ["", "   ", "🙂", "a", "?" * 500, "tolong " * 3000, "\u200b", "1 2 3", "\x00\n\n"])
def test_nothing_that_can_be_sent_breaks_it(text: str) -> None:
    judged(text)


def test_windows_cover_a_long_message_to_its_end() -> None:
    plain = classifier().features(LETTER * 4).plain

    cut = windows(plain)
    steps = [window.first for window in cut if window.end - window.first == WIDTH]

    assert len(plain.tokens) > WHOLE
    assert cut[0].first == 0
    assert cut[-1].end == len(plain.tokens)
    assert all(window.end - window.first <= WIDTH for window in cut)
    assert all(two - one <= STEP for one, two in pairwise(steps))


def test_between_watch_and_alarm_a_person_is_asked_and_shown_the_words() -> None:
    unsure = CueClassifier(understanding(), DangerModel(replace(head(**{"idea:setrum": 2.0}), alarm=9.0), {}))

    verdict, calm = unsure.classify("kula kasetrum"), unsure.classify("jalan rusak di depan pasar")

    assert (verdict.urgent, verdict.needs_person, verdict.perhaps_urgent) == (False, True, ("kasetrum",))
    assert not calm.urgent
    assert calm.perhaps_urgent == ()


def test_a_model_file_comes_back_as_it_was_packed() -> None:
    row = {**ROW, "alarm": 0.5, "signs": {"idea:api": Said(2.0, LOUD).row()}}
    packed = pack(row, {"api": Said(1.5, LOUD), "kebakaran": Said(-0.02)})

    model = DangerModel.read(packed)

    assert packed == pack(row, {"kebakaran": Said(-0.02), "api": Said(1.5, LOUD)})
    assert (model.head.alarm, len(model), "api" in model) == (0.5, 2, True)
    assert model.head.signs["idea:api"] == Said(2.0, LOUD)


def test_units_speak_only_when_enough_is_said_together() -> None:
    layer = Layer(scale=0.01, bias=(-1.5, -1.5), out=(2.0, -1.0))
    alone, together, muted = Sum(2), Sum(2), Sum(2)
    alone.hear(Said(0.0, LOUD), 1.0)
    for piece in (LOUD, LOUD):
        together.hear(Said(0.0, piece), 1.0)
    muted.join(together)
    for piece in (MUTE, MUTE):
        muted.hear(Said(0.0, piece), 1.0)

    assert layer.says(alone) == 0.0
    assert layer.says(together) == pytest.approx(2.0 * 0.5)
    assert layer.says(muted) == pytest.approx(2.0 * 0.5 - 0.5)
    assert layer.gates(alone).of(together) == 0.0
    assert layer.gates(together).of(alone) == pytest.approx(2.0)


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"no gzip",
        pack({name: value for name, value in ROW.items() if name != "watch"}, {}),
        pack({**ROW, "bias": float("nan")}, {}),
        pack({**ROW, "watch_long": float("inf")}, {}),
        pack({**ROW, "format": 99}, {}),
        pack(ROW, {"a": Said(1.0, b"one unit too many")}),
        pack({**ROW, "signs": {"idea:api": [1.5]}}, {}),
        pack({**ROW, "layer": {"scale": 0.01, "bias": [0.0], "out": []}}, {}),
        pack({**ROW, "layer": {"scale": float("nan"), "bias": [], "out": []}}, {}),
    ],
)
def test_what_is_no_danger_model_is_refused(packed: bytes) -> None:
    with pytest.raises(Invalid):
        DangerModel.read(packed)


def test_a_bad_lesson_names_its_file_and_line() -> None:
    with pytest.raises(Invalid, match=r"x.jsonl, line 2"):
        alerts({"x.jsonl": '{"id": "1", "text": "api", "urgent": true}\n{"id": "2", "text": "api"}'}, [])


def test_ids_are_unique_and_what_measures_was_written_for_it() -> None:
    everything = carried_alerts()

    assert len({one.id for one in everything}) == len(everything)
    assert all(one.why != GENERAL and one.weight == 1.0 for one in everything if one.apart)


def test_calls_that_taught_nothing_are_heard_and_ordinary_messages_are_not() -> None:
    """Three in ten of these ordinary messages use the words of danger."""
    calls = [judged(row["text"]) for row in messages("danger_test")]
    post = [judged(row["text"]) for row in messages("messages_test")]
    heard, rung = sum(one.urgent for one in calls), sum(one.urgent for one in post)
    seen = sum(one.urgent or bool(one.perhaps_urgent) for one in calls)

    print(f"\nheard {heard} and seen {seen} of {len(calls)}, false alarms {rung} of {len(post)}")
    assert heard >= 0.94 * len(calls)
    assert seen >= 0.99 * len(calls)
    assert rung <= 0.01 * len(post)
