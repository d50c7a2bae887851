"""`omnichannel learn`: what it says, what it keeps, and which model is used afterwards."""

import asyncio
import json
import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from omnichannel import judging
from omnichannel.__main__ import run
from omnichannel.app import open_records
from omnichannel.commands import learn
from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.study import Study
from omnichannel.domain.work import Work
from omnichannel.inbox.receive import Intake
from omnichannel.judging import LivingClassifier, classifier_for, model_in_use, shelf_in
from omnichannel.router.lessons import Lesson, Origin, corpus, parted
from omnichannel.router.model import ALL_TOPICS, LearntClassifier, Model, pack
from omnichannel.router.route import reclassify
from omnichannel.settings.load import load
from omnichannel.store.files import DiskFiles
from tests.build import ACCOUNT, a_staff, an_incoming
from tests.desk import a_desk
from tests.house import HandClock
from tests.plug import Plug
from tests.router.reading import classifier, understanding
from tests.router.test_model import a_head, weights_for

pytestmark = pytest.mark.slow
THINGS = (
    "Baiknya lapak pedagang",
    "lapak sayur",
    "Pedagang ikan",
    "menurut saya lapak buah",
    "lapak kue",
    "pedagang kaki lima",
    "lapak bakso",
    "Pedagang pasar sore",
    "lapak es",
    "pedagang baju",
)


def learn_corpus() -> list[Lesson]:
    """Messages of the corpus that teach."""
    return [one for one in parted(corpus(judging.carried_corpus()))[0] if one.origin is Origin.CORPUS]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and no setting of the machine."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("OMNI_")]:
        monkeypatch.delenv(name)
    return tmp_path


def few_lessons(every: int = 12) -> dict[str, str]:
    """Every twelfth line of the corpus: learnt in a moment."""
    carried = judging.carried_corpus()
    return {name: "\n".join(text.splitlines()[::every]) for name, text in carried.items()}


@pytest.fixture
def a_third(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the corpus: enough to know what staff must not be believed, in a third of the time."""
    lessons = few_lessons(3)
    monkeypatch.setattr(judging, "carried_corpus", lambda: lessons)


@pytest.fixture
def a_twelfth(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small corpus stands in for the carried one, and a model that calls everything small talk for its model."""
    lessons = few_lessons()
    monkeypatch.setattr(judging, "carried_corpus", lambda: lessons)
    bias = [0.0] * (len(ALL_TOPICS) - 1) + [9.0]
    poor = Model.read(pack(a_head(kind_bias=[0.0, 0.0, 0.0, 9.0], topic_bias=bias), {}))
    monkeypatch.setattr(judging, "carried_model", lambda: poor)


def test_it_measures_a_file_and_changes_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"text": "Jalan rusak parah belum diperbaiki, tolong segera", "kind": "complaint", "topic": "jalan_jembatan"},
        {"id": 7, "text": "Apa syarat membuat KTP?", "kind": "information_request"},
    ]
    file = folder / "label.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8-sig")

    code = run(["learn", "--evaluate", str(file)])

    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert code == 0
    assert [line["classifier"] for line in lines] == ["cues", "in use"]
    assert [line["n"] for line in lines] == [2, 2]
    assert all(0 <= line["macro_f1"] <= 1 for line in lines)
    assert list(folder.iterdir()) == [file]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'{"text": "a"}', b'{"text": "a", "kind": "keluhan"}', None])
def test_a_file_that_is_no_lesson_is_wrong_usage(folder: Path, content: bytes | None) -> None:
    file = folder / "label.jsonl"
    if content is not None:
        file.write_bytes(content)

    assert run(["learn", "--evaluate", str(file)]) == 2
    assert run(["learn", "--evaluate", str(file), "--build", str(folder / "x")]) == 2


def test_it_learns_keeps_a_version_and_has_nothing_new_the_second_time(
    folder: Path, a_twelfth: None, capfd: pytest.CaptureFixture[str]
) -> None:
    first = run(["learn"])
    told = capfd.readouterr()
    second = run(["learn"])

    assert (first, second) == (0, 0), told.err
    measured = [json.loads(line) for line in told.out.splitlines()]
    assert [line["measured_on"] for line in measured] == ["corpus", "corrections"]
    assert measured[0]["new"]["n"] == measured[0]["old"]["n"] > 0
    shelf = shelf_in(folder / "data")
    assert shelf.names() == ["0001.model.gz"]
    assert shelf.current() == "0001.model.gz"
    model = model_in_use(folder / "data")
    assert model is not None
    assert len(model) > 1000


def test_a_worse_model_is_not_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    lessons = few_lessons()
    monkeypatch.setattr(judging, "carried_corpus", lambda: lessons)
    spoilt = pack(a_head(kind_bias=[0.0, 0.0, 0.0, 9.0]), {})
    monkeypatch.setattr(learn, "_fitted", lambda cues, teaching: spoilt)

    code = run(["learn"])

    told = capfd.readouterr().err
    assert code == 1
    assert "lama tetap dipakai" in told or "old model stays" in told
    assert shelf_in(folder / "data").names() == []


def test_the_model_in_use_judges_and_a_damaged_one_is_passed_over(folder: Path, caplog: Any) -> None:
    shelf = shelf_in(folder)
    shelf.use(shelf.keep(pack(a_head(), {"dibentangkan": weights_for(Kind.ASPIRATION, 900)})))
    text = "Kemarin di balai desa wacananya dibentangkan"
    taught = classifier_for(understanding(), folder).classify(text)
    shelf.use(shelf.keep(b"broken"))

    after = classifier_for(understanding(), folder)

    assert taught.kind is Kind.ASPIRATION
    assert isinstance(after, LearntClassifier), "the carried model steps in"
    assert after.classify(text).p[Kind.ASPIRATION] < taught.p[Kind.ASPIRATION]
    assert "model not usable" in caplog.text


def test_without_any_model_the_cues_judge(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "CARRIED", "gone.model.gz")

    assert type(classifier_for(understanding(), folder)) is type(classifier())


async def corrections(folder: Path, told: list[tuple[str, Kind]]) -> None:
    """Citizens have written, and staff have said what each message is."""
    config = load(None, {}, data=folder / "data")
    async with open_records(config) as records:
        plug, clock = Plug(), HandClock()
        intake = Intake(records.store, DiskFiles(folder / "files"), clock)
        staff = await records.store.write(lambda work: a_staff(work, name="Ani"))
        for number, (text, kind) in enumerate(told):
            raw = plug.raw(
                an_incoming(text, external_id=f"k-{number}", conversation=f"u-{number}", sent_at=clock.now())
            )
            await intake.take_in(plug, [raw])
            talk = await records.store.read(partial(_thread, name=f"u-{number}"))
            facts: dict[str, Any] = {"kind": kind, "topic": "lainnya", "unit": None, "now": clock.now()}
            await records.store.write(partial(reclassify, desk=a_desk(), staff=staff, conversation_id=talk.id, **facts))


def _thread(work: Work, name: str) -> Conversation:
    found = work.conversations.find(ACCOUNT, name, Surface.DIRECT)
    assert found is not None
    return found


def studies(folder: Path) -> list[Study]:
    async def read() -> list[Study]:
        async with open_records(load(None, {}, data=folder / "data"), migrate=False) as records:
            return await records.store.read(lambda work: work.studies.all())

    return asyncio.run(read())


def test_a_poisoned_batch_is_refused_and_said_so(
    folder: Path, a_third: None, capfd: pytest.CaptureFixture[str]
) -> None:
    """Forty plain complaints that somebody called small talk: followed, they would spoil everybody's messages."""
    plain = [one for one in learn_corpus() if one.kind is Kind.COMPLAINT][:40]
    asyncio.run(corrections(folder, [(one.text, Kind.OTHER) for one in plain]))

    code = run(["learn"])

    told = capfd.readouterr().err
    (study,) = studies(folder)
    assert code == 1, told
    assert "bertentangan dengan uji beku" in told or "contradict the frozen test" in told
    assert (study.taken, study.name, study.corrections) == (False, None, 40)
    assert "bertentangan dengan uji beku" in (study.why or "")
    assert shelf_in(folder / "data").current() is None


def test_ten_corrections_of_a_sort_teach_the_eleventh_and_a_running_service_takes_it_up(
    folder: Path, a_twelfth: None
) -> None:
    """From the whole corpus and against the carried model: tests/browser/test_learning.py."""
    asyncio.run(corrections(folder, [(f"{thing} ditarik ke terminal lama", Kind.ASPIRATION) for thing in THINGS]))
    living = LivingClassifier(understanding(), folder / "data")
    eleventh = "Lapak gorengan ditarik ke terminal lama"
    before = living.classify(eleventh)

    code = run(["learn", "--by", "Ani"])

    (study,) = studies(folder)
    assert code == 0
    assert (study.taken, study.name, study.by, study.corrections) == (True, "0001.model.gz", "Ani", len(THINGS))
    assert "ditarik" in {word for word, *_ in study.learnt["gained"]}
    assert study.figures["corpus"]["new"]["n"] > 30
    assert 0 < study.size < 10_000_000
    assert before.kind is not Kind.ASPIRATION
    assert living.classify(eleventh).kind is before.kind, "nobody has looked yet"
    assert living.refresh()
    assert living.classify(eleventh).kind is Kind.ASPIRATION
    assert not living.refresh()


def test_what_staff_have_left_is_not_taken_again_until_something_new_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    lessons = few_lessons()
    monkeypatch.setattr(judging, "carried_corpus", lambda: lessons)
    monkeypatch.setattr(learn, "_compared", lambda old, new, measuring: (None, {}))
    told = [(f"{thing} ditarik ke terminal lama", Kind.ASPIRATION) for thing in THINGS]
    asyncio.run(corrections(folder, told))
    assert run(["learn"]) == 0
    shelf_in(folder / "data").use_carried()

    code = run(["learn"])

    said = capfd.readouterr().err
    assert code == 0
    assert "ditinggalkan" in said or "have left" in said
    assert shelf_in(folder / "data").current() is None
    assert len(studies(folder)) == 1


def test_one_learns_at_a_time(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with shelf_in(folder / "data").alone():
        code = run(["learn"])

    assert code == 1
    assert "another process is learning" in capfd.readouterr().err


def test_a_damaged_version_leaves_the_one_at_hand(folder: Path, caplog: Any) -> None:
    shelf = shelf_in(folder)
    shelf.use(shelf.keep(pack(a_head(), {"dibentangkan": weights_for(Kind.ASPIRATION, 900)})))
    living = LivingClassifier(understanding(), folder)
    shelf.use(shelf.keep(b"broken"))

    changed = living.refresh()

    assert not changed
    assert "model not usable" in caplog.text
    assert living.classify("Kemarin di balai desa wacananya dibentangkan").kind is Kind.ASPIRATION
