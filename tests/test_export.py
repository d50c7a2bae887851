"""`omnichannel export` as people and scripts call it."""

import asyncio
import os
from pathlib import Path

import pytest

from omnichannel.__main__ import run
from omnichannel.app import open_records
from omnichannel.domain.case import Kind
from omnichannel.settings.load import load
from tests.build import a_case
from tests.printing.test_letter import text_of

SPAN = ("--from", "2020-01-01", "--to", "2099-12-31")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("OMNI_")]:
        monkeypatch.delenv(name)

    async def filled() -> None:
        async with open_records(load()) as records:
            await records.store.write(lambda work: a_case(work, kind=Kind.INFORMATION_REQUEST))

    asyncio.run(filled())
    return tmp_path


def test_the_register_goes_to_stdout_and_taking_it_is_written_down(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code = run(["export", "permohonan", *SPAN, "--format", "csv"])
    out, err = capfdbinary.readouterr()

    lines = out.decode("utf-8-sig").splitlines()
    assert code == 0
    assert len(lines) == 2
    assert lines[1].startswith("PPID-")
    assert b"1 " in err

    async def told() -> list[str]:
        async with open_records(load()) as records:
            return [one.verb for one in await records.store.read(lambda work: work.screens.happened(0))]

    assert "exported" in asyncio.run(told())


@pytest.mark.parametrize(("format", "head"), [("xlsx", b"PK"), ("pdf", b"%PDF-")])
def test_a_file_is_written_where_it_was_asked_for(here: Path, format: str, head: bytes) -> None:
    code = run(["export", "permohonan", *SPAN, "--format", format, "--output", f"register.{format}"])

    content = (here / f"register.{format}").read_bytes()
    assert code == 0
    assert content.startswith(head)
    if format == "pdf":
        assert "Register permohonan informasi publik" in text_of(content)


@pytest.mark.parametrize("what", ["keberatan", "lapor", "cases", "conversations"])
def test_every_list_can_be_written_empty_or_not(what: str) -> None:
    assert run(["export", what, *SPAN, "--format", "pdf", "--output", "a.pdf"]) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        ["permohonan", "--from", "kemarin", "--to", "2026-12-31"],
        ["permohonan", "--from", "2026-02-30", "--to", "2026-12-31"],
        ["buku-tamu", *SPAN],
        ["permohonan"],
        ["permohonan", *SPAN, "--format", "docx"],
    ],
)
def test_wrong_usage_is_told_with_exit_2(wrong: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["export", *wrong]) == 2
    assert capfdbinary.readouterr().out == b""


def test_an_end_before_the_beginning_fails_in_words() -> None:
    assert run(["export", "permohonan", "--from", "2026-02-01", "--to", "2026-01-01", "--format", "csv"]) in (1, 2)
