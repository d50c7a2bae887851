"""The verdict: its shape, its reasons, and when a person is asked."""

import json

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.verdict import NO_TOPIC, TOPICS
from tests.router.reading import classifier, understanding


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kapan jalan ini diperbaiki?", Kind.COMPLAINT),
        ("Apa syarat membuat KTP yang hilang?", Kind.INFORMATION_REQUEST),
        ("Mohon dibangun jembatan di dusun kami", Kind.ASPIRATION),
        ("mantap pak bupati", Kind.OTHER),
    ],
)
def test_the_guideline_is_kept(text: str, kind: Kind) -> None:
    assert classifier().classify(text).kind is kind


def test_the_json_is_the_interface() -> None:
    line = classifier().classify("Lampu jalan di Teluk Lingga mati, kapan diperbaiki?").as_json(7)

    assert json.loads(json.dumps(line)) == line
    assert set(line) == {
        "id", "kind", "p", "second_kind", "needs_person", "topic", "topics", "unit", "units", "place", "urgent", "reasons",
    }  # fmt: skip
    assert line["id"] == 7
    assert set(line["p"]) == {"information_request", "complaint", "aspiration", "other"}
    assert sum(line["p"].values()) == pytest.approx(1)
    assert [len(line[key]) for key in ("topics", "units")] == [3, 3]
    assert line["topic"] == line["topics"][0][0] == "pju"
    assert line["unit"] == line["units"][0][0] == "dishub"
    assert line["place"] == {
        "kecamatan": {"code": "64.08.04", "name": "Sangatta Utara"},
        "desa": {"code": "64.08.04.1010", "name": "Teluk Lingga"},
    }
    assert {"cue", "weight"} <= set(line["reasons"][0])


def test_reasons_are_the_citizens_own_words() -> None:
    text = "Min jln dpn pasar rsk parah blm jg di perbaiki"

    reasons = classifier().classify(text).reasons

    assert any(reason.cue in ("blm jg", "blm jg di perbaiki") for reason in reasons)
    assert all(text[reason.start : reason.end] == reason.cue for reason in reasons)


def test_two_intents_give_a_second_kind_and_ask_a_person() -> None:
    verdict = classifier().classify(
        "Saluran air depan rumah mampet dan tidak pernah dibersihkan. Usul saya sekalian dibuatkan bak kontrol."
    )

    assert {verdict.kind, verdict.second_kind} == {Kind.COMPLAINT, Kind.ASPIRATION}
    assert verdict.needs_person


@pytest.mark.parametrize("text", ["", "   ", "?", "jalan rusak", "😀", "kami ban den ne zhong wen hao ma xie xie ni"])
def test_too_little_or_too_strange_asks_a_person(text: str) -> None:
    assert classifier().classify(text).needs_person


def test_a_plain_complaint_asks_nobody() -> None:
    verdict = classifier().classify(
        "Jalan desa kami rusak parah sudah dua tahun belum diperbaiki, mohon segera ditindaklanjuti dinas PUPR"
    )

    assert not verdict.needs_person
    assert verdict.unit == "pupr"


def test_a_national_road_is_a_hint_not_a_refusal() -> None:
    verdict = classifier().classify("Jalan nasional poros Sangatta Bengalon berlubang, tolong diperbaiki")

    assert verdict.topic == "jalan_jembatan"
    assert "authority:nasional" in [reason.speaks_for for reason in verdict.reasons]


def test_a_unit_named_outright_weighs_over_the_topic() -> None:
    named = classifier().classify("Mohon Inspektorat memeriksa bantuan bansos di desa kami yang dipotong")

    assert named.unit == "inspektorat"


def test_the_channel_moves_the_kinds_a_little() -> None:
    text = "jalan di depan rumah saya"

    comment = classifier().classify(text, channel="instagram").p[Kind.OTHER]
    form = classifier().classify(text, channel="webform").p[Kind.OTHER]

    assert form < classifier().classify(text).p[Kind.OTHER] < comment


def test_every_topic_has_cues_and_a_competent_unit() -> None:
    tables = understanding()

    assert {cue.topic for cue in tables.routing.topics} == {*TOPICS, NO_TOPIC}
    assert all(tables.organisation.competent(topic) for topic in (*TOPICS, NO_TOPIC))


def test_who_is_addressed_tells_the_topic_where_no_word_does() -> None:
    ranked = dict(classifier().classify("@pdamkotalain min kapan nyala lagi, sudah tiga hari").topics)

    assert ranked["air_bersih"] > dict(classifier().classify("min kapan nyala lagi, sudah tiga hari").topics).get(
        "air_bersih", 0.0
    )


def test_words_outweigh_who_is_addressed() -> None:
    assert classifier().classify("@dishub_kota sampah numpuk di TPS sudah seminggu").topic == "sampah_lingkungan"
