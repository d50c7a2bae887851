"""What a letter repeats below its words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from omnichannel.connectors.mail.quote import fold, lines_of
from omnichannel.domain.history import CUT, LETTERS, MOST, Turn, repeated

WITA = ZoneInfo("Asia/Makassar")
AT = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_newest_stands_on_top_and_the_older_a_level_deeper() -> None:
    turns = [
        Turn(AT, "Siti Aminah", "Lampu jalan mati.\n\nMohon diperiksa."),
        Turn(AT + HOUR, None, "Di gang mana?"),
        Turn(AT + 2 * HOUR, "Siti Aminah", "Gang Mawar"),
    ]

    assert repeated(turns, WITA) == (
        "Pada 23 November 2026 pukul 11.15 WITA, Siti Aminah menulis:\n"
        "> Gang Mawar\n"
        ">\n"
        "> Pada 23 November 2026 pukul 10.15 WITA, kami menulis:\n"
        ">> Di gang mana?\n"
        ">>\n"
        ">> Pada 23 November 2026 pukul 09.15 WITA, Siti Aminah menulis:\n"
        ">>> Lampu jalan mati.\n"
        ">>>\n"
        ">>> Mohon diperiksa."
    )


def test_what_names_other_people_is_masked_and_a_name_begins_no_line() -> None:
    said = repeated([Turn(AT, "Siti\r\nBcc: x", "Tetangga saya NIK 6408041203900001, HP 081234567890")], WITA) or ""

    assert "6408041203900001" not in said
    assert "081234567890" not in said
    assert said.startswith("Pada 23 November 2026 pukul 09.15 WITA, Siti Bcc: x menulis:\n")
    assert all(line.startswith(("Pada", ">")) for line in said.split("\n"))


def test_a_long_past_is_cut_and_said_to_be() -> None:
    many = [Turn(AT + n * HOUR, "Siti", f"pesan {n}") for n in range(30)]
    said = repeated(many, WITA) or ""
    assert said.count("menulis:") == MOST
    assert "pesan 29" in said
    assert "pesan 19" not in said

    long = repeated([Turn(AT, "Siti", "kata " * 10_000), Turn(AT + HOUR, None, "Baik")], WITA) or ""
    assert CUT in long
    assert len(long) < LETTERS + 500


def test_nothing_said_is_nothing_repeated() -> None:
    assert repeated([], WITA) is None
    assert repeated([Turn(AT, "Siti", " \n ")], WITA) is None


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.text(max_size=30)), st.text(max_size=120)).map(lambda one: Turn(AT, *one)),
        max_size=6,
    )
)
def test_our_own_history_is_folded_whole_when_the_citizen_answers_above_it(turns: list[Turn]) -> None:
    history = repeated(turns, WITA)
    if history is None:
        return

    folded = fold(lines_of(f"Terima kasih, sudah menyala.\n\n{history}"))

    assert folded.text == "Terima kasih, sudah menyala."
