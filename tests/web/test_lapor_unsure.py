"""A report that may be in LAPOR, in an office that keys in by hand: the board offers what can be done, and nothing else."""

from dataclasses import replace

from omnichannel.domain.case import Case
from omnichannel.domain.forwarding import Forward, ForwardState
from omnichannel.domain.work import Work
from tests.web.test_lapor_batch import Board, board

__all__ = ["board"]


async def in_doubt(board: Board, made: Case) -> None:
    """It was tried through the gateway before the office went back to keying in."""

    def story(work: Work) -> None:
        row = Forward(case_id=made.id, state=ForwardState.UNSURE, since=made.created_at)
        work.forwards.add(row)
        work.forwards.save(replace(row, title="Lampu jalan mati", error="Jawaban tidak datang."))

    await board.house.store.write(story)


async def test_an_unsure_report_is_stored_or_keyed_in_and_never_sent(board: Board) -> None:
    made = await board.complaint("Lampu jalan mati di Gang Mawar")
    await in_doubt(board, made)

    page = await (await board.client.get("/lapor")).text()
    assert f'action="/lapor/{made.number}/terkirim"' in page
    assert f'href="/lapor/{made.number}"' in page
    assert "Tidak ada, ketik di LAPOR" in page
    assert f"/lapor/{made.number}/kirim" not in page
    status, refused = await board.post(f"/lapor/{made.number}/kirim", {})
    assert (status, "belum tersambung" in refused) == (422, True)
    row = await board.house.store.read(lambda work: work.forwards.get(made.id))
    assert row is not None
    assert row.state is ForwardState.UNSURE


async def test_the_number_of_another_report_is_taken_only_on_purpose(board: Board) -> None:
    first, second = await board.complaint("Lampu jalan mati"), await board.complaint("Lampu jalan mati")
    assert (await board.post(f"/lapor/{first.number}/terkirim", {"tracking": "9000007"}))[0] == 303
    status, page = await board.post(f"/lapor/{second.number}/terkirim", {"tracking": "9000007"})
    assert (status, first.number in page, 'name="satu"' in page) == (422, True, True)
    assert (await board.case(second)).tracking_id is None

    status, _ = await board.post(f"/lapor/{second.number}/terkirim", {"tracking": "9000007", "satu": "ya"})

    assert status == 303
    assert (await board.case(second)).tracking_id == "9000007"
