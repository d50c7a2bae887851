"""LAPOR's export in whatever shape an office downloads it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.connectors.lapor.export import moment, read
from omnichannel.domain.errors import Invalid

WIB = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    "head",
    [
        ["Tracking ID", "Judul Laporan", "Isi Laporan", "Tanggal Laporan", "Status", "Tindak Lanjut"],
        ["TRACKING_ID", "judul", "isi", "tanggal", "STATUS LAPORAN", "tindak lanjut terakhir"],
        ["No. Tracking", "Judul Aduan", "Isi Aduan", "Tgl. Masuk", "Status Laporan", "Tanggapan"],
        ["ID", "Title", "Content", "Created at", "Status", "Jawaban"],
    ],
)  # fmt: skip
def test_columns_are_known_by_many_names(head: list[str]) -> None:
    (row,) = read(
        [head, ["#9000123", "Lampu mati", "Sudah tiga hari", "17-11-2026 14:30:00", "Proses", "Tim berangkat"]]
    )

    assert (row.line, row.tracking_id, row.title, row.content) == (2, "9000123", "Lampu mati", "Sudah tiga hari")
    assert row.at == datetime(2026, 11, 17, 14, 30, tzinfo=WIB)
    assert (row.status, row.follow_up) == ("Dalam Proses", "Tim berangkat")


def test_any_order_further_columns_and_a_title_above_the_head() -> None:
    table = [
        ["Rekapitulasi SP4N-LAPOR!"],
        ["Dicetak 22-11-2026"],
        [],
        [
            "No",
            "Sumber",
            "Status",
            "Instansi Terdisposisi",
            "Judul Laporan",
            "Tracking ID",
            "Tanggal Kejadian",
            "Rahasia",
            "Kolom Aneh",
        ],
        ["1", "Web", "Selesai", "Dinas Perhubungan", "Lampu  mati", "9000123.0", "16/11/2026", "Ya", "x"],
        ["", "", "", "", "", "", "", "", ""],
        ["2", "SMS", "Status Baru Sekali", "", "Jalan rusak"],
    ]
    first, second = read(table)

    assert (first.line, first.tracking_id, first.title, first.status) == (5, "9000123", "Lampu mati", "Selesai")
    assert (first.institution, first.happened, first.secret) == ("Dinas Perhubungan", date(2026, 11, 16), True)
    assert (second.line, second.tracking_id, second.title, second.status) == (
        7,
        None,
        "Jalan rusak",
        "Status Baru Sekali",
    )


def test_a_mere_row_count_is_no_tracking_id() -> None:
    (row,) = read([["No", "Judul", "Tracking ID"], ["1", "Lampu mati", "9000123"]])

    assert row.tracking_id == "9000123"


@pytest.mark.parametrize("table", [[], [[]], [["a", "b"], ["c", "d"]], [["Judul"]], [["Status", "Tanggal"]]])
def test_a_file_without_its_head_is_refused_in_words(table: list[list[str]]) -> None:
    with pytest.raises(Invalid, match="Kolomnya tidak dikenali"):
        read(table)


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("17-11-2026 14:30:05", datetime(2026, 11, 17, 14, 30, 5, tzinfo=WIB)),
        ("17/11/26 06.30", datetime(2026, 11, 17, 6, 30, tzinfo=WIB)),
        ("2026-11-17", datetime(2026, 11, 17, tzinfo=WIB)),
        ("2026-11-17 14:30:00", datetime(2026, 11, 17, 14, 30, tzinfo=WIB)),
        ("2026-11-17T07:30:00Z", datetime(2026, 11, 17, 7, 30, tzinfo=UTC)),
        ("Selasa, 17 November 2026 pukul 14:30 WIB", datetime(2026, 11, 17, 14, 30, tzinfo=WIB)),
        ("17 Agu 2026", datetime(2026, 8, 17, tzinfo=WIB)),
        ("46343", datetime(2026, 11, 17, tzinfo=WIB)),
        ("46343.5", datetime(2026, 11, 17, 12, tzinfo=WIB)),
    ],
)
def test_times_as_people_and_programs_write_them(told: str, at: datetime) -> None:
    assert moment(told) == at


@pytest.mark.parametrize(
    "told", ["", "-", "kemarin", "31-02-2026", "17-13-2026", "99/99/9999", "1", "2026-99-99", "17 Foo 2026"]
)
def test_what_is_no_time_is_none(told: str) -> None:
    assert moment(told) is None


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=6))
def test_no_table_is_an_exception(rows: list[list[str]]) -> None:
    assert isinstance(read([["Tracking ID", "Judul", "Tanggal", "Tanggal Tindak Lanjut"], *rows]), tuple)


@given(st.text(max_size=30))
def test_no_text_is_an_exception_as_a_time(told: str) -> None:
    moment(told)
