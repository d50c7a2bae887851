"""Danger to life: what raises the alarm, what calms it, and the words shown to the duty desk."""

import pytest

from tests.router.reading import classifier


def urgent(text: str) -> bool:
    return classifier().classify(text).urgent


def test_the_alarm_shows_its_words() -> None:
    verdict = classifier().classify("min tolong ada kebakaran di gang melati, api merambat")

    first = verdict.reasons[0]
    assert verdict.urgent
    assert first.speaks_for == "urgent:kebakaran"
    assert first.cue in verdict.reasons[0].cue
    assert "kebakaran" in first.cue


@pytest.mark.parametrize(
    ("now", "not_now"),
    [
        ("kebakaran di pasar", "data kebakaran per tahun untuk skripsi"),
        ("rumah tetangga terbakar", "hatiku terbakar cemburu"),
        ("anak tenggelam di sungai", "kita tenggelam dalam hutang"),
        ("ada kecelakaan depan masjid, korban luka parah", "sering terjadi kecelakaan di sini, mohon dipasang rambu"),
        ("banjir sudah setinggi dada, kami terjebak", "banjir orderan alhamdulillah"),
        (
            "longsor menimpa rumah, ada yang tertimbun",
            "tahun lalu longsor menutup jalan, sampai sekarang belum dibangun turap",
        ),
        ("jembatan ambruk, orang jatuh ke sungai", "jembatan hampir ambruk, mohon diperbaiki"),
        ("buaya menerkam warga", "dasar buaya darat"),
        ("bapak dipatok kobra di kebun", "lahan kebun bapak dipatok pengembang"),
        ("tolong ada orang kesetrum", "tiang listrik miring takutnya roboh"),
        ("damkar tolong api sudah besar", "terima kasih damkar api sudah dipadamkan semalam"),
        ("anak hilang di hutan belum ditemukan", "anak yang hilang kemarin sudah ketemu"),
        ("ada simpang empat tabrakan korban tergeletak", "simulasi kecelakaan bus digelar dishub"),
    ],
)
def test_the_same_words_in_danger_and_in_peace(now: str, not_now: str) -> None:
    assert urgent(now)
    assert not urgent(not_now)


@pytest.mark.parametrize(
    "text",
    [
        "kereta api terlambat satu jam",
        "harga cabai meledak",
        "jalan seperti sungai kalau hujan",
        "stok darah PMI kosong",
        "jalan ke desa kami kondisinya darurat",
        "mati lampu terus, darah tinggi saya naik",
        "debu truk batu bara di Sekerat tebal sekali, kapan jalan disiram?",
        "jalan masuk Kampung Kajang rusak parah",
        "tanah saya di Tepian Langsat dipatok perusahaan tanpa pemberitahuan",
        "tarif parkir di pasar dipatok sepuluh ribu, mahal",
    ],
)
def test_words_of_danger_in_everyday_complaints_are_calm(text: str) -> None:
    assert not urgent(text)
