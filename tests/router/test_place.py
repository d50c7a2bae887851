"""Places: the longest name, a forgiven slip, and common words that need other evidence."""

import pytest

from tests.router.reading import classifier


def place(text: str) -> tuple[str, str | None] | None:
    found = classifier().classify(text).place
    return None if found is None else (found.kecamatan.name, found.desa.name if found.desa else None)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("jalan rusak di Bengalon", ("Bengalon", None)),
        ("jalan rusak di desa Muara Bengalon", ("Bengalon", "Muara Bengalon")),
        ("pdam mati di sepaso timur", ("Bengalon", "Sepaso Timur")),
        ("pdam mati di sepaso", ("Bengalon", "Sepaso")),
        ("banjir di Karangan Seberang", ("Karangan", "Karangan Seberang")),
        ("kec. karangan gelap", ("Karangan", None)),
        ("desa Benua Baru Hulu belum ada listrik", ("Sangkulirang", "Benua Baru Ulu")),
        ("desa Benua Baru gelap", ("Muara Bengkal", "Benua Baru")),
        ("jembatan di kongbeng putus", ("Kombeng", None)),
        ("kongbeng indah susah sinyal", ("Kombeng", "Kombeng Indah")),
        ("Sangata Utara macet", ("Sangatta Utara", None)),
        ("desa sangatta utara macet", ("Sangatta Utara", "Sangatta Utara")),
        ("Kaliorang, kec. Kaliorang", ("Kaliorang", "Kaliorang")),
        ("kecamatan teluk pandan", ("Teluk Pandan", None)),
        ("ds. Pengadan Baru", ("Kaubun", "Pengadan Baru")),
        ("desa pengadan kec karangan", ("Karangan", "Pengadan")),
        ("ma. wahau jalan rusak", ("Muara Wahau", None)),
        ("mu. bengkal ilir banjir", ("Muara Bengkal", "Muara Bengkal Ilir")),
        ("sangkulirng listrik padam", ("Sangkulirang", None)),
        ("rantau pulng jalan becek", ("Rantau Pulung", None)),
        ("#SangattaSelatan banjir", ("Sangatta Selatan", None)),
        ("lampu mati di kelurahan singa geweh", ("Sangatta Selatan", "Singa Geweh")),
        ("desa Citra Manunggal Jaya", ("Kaliorang", "Citra Manunggal Jaya")),
        ("desa manunggal jaya", ("Rantau Pulung", "Manunggal Jaya")),
        ("jalan poros Telaga kecamatan Batu Ampar", ("Batu Ampar", "Telaga")),
        ("warga desa Mata Air Kaubun", ("Kaubun", "Mata Air")),
        ("desa Sukamaju rusak jalannya", ("Kombeng", "Sukamaju")),
        ("di Swargabara air mati", ("Sangatta Utara", "Swarga Bara")),
    ],
)
def test_a_place_is_found(text: str, where: tuple[str, str | None]) -> None:
    assert place(text) == where


@pytest.mark.parametrize(
    "text",
    [
        "karangan bunga ucapan selamat untuk bupati",
        "sumber mata air kami kering",
        "macet di Tanah Abang",
        "kebakaran di Tanah Abang Jakarta",
        "jl. martadinata berlubang",
        "ikan di telaga mati semua",
        "saka tunggal itu bagus",
        "perumahan Sukamaju Depok banjir",
        "kursi sandaran rusak",
        "bengkel motor di pinggir jalan berisik",
        "jalan di Batu Ampar Batam rusak",
        "sangatta macet",
        "orang itu sekarat",
        "",
    ],
)
def test_a_common_word_or_a_far_city_is_no_place(text: str) -> None:
    assert place(text) is None
