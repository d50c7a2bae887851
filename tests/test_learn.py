"""`omnichannel learn`: what it says, what it keeps, and which model is used afterwards."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from omnichannel import judging
from omnichannel.__main__ import run
from omnichannel.commands import learn
from omnichannel.domain.case import Kind
from omnichannel.judging import classifier_for, model_in_use, shelf_in
from omnichannel.router.model import ALL_TOPICS, LearntClassifier, Model, pack
from tests.router.reading import classifier, understanding
from tests.router.test_model import a_head, weights_for

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and no setting of the machine."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("OMNI_")]:
        monkeypatch.delenv(name)
    return tmp_path


def few_lessons() -> dict[str, str]:
    """Every twelfth line of the corpus: learnt in a moment."""
    carried = judging.carried_corpus()
    return {name: "\n".join(text.splitlines()[::12]) for name, text in carried.items()}


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
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A small corpus stands in for the carried one, and a model that calls everything small talk for its model."""
    lessons = few_lessons()
    monkeypatch.setattr(judging, "carried_corpus", lambda: lessons)
    bias = [0.0] * (len(ALL_TOPICS) - 1) + [9.0]
    poor = Model.read(pack(a_head(kind_bias=[0.0, 0.0, 0.0, 9.0], topic_bias=bias), {}))
    monkeypatch.setattr(judging, "carried_model", lambda: poor)

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
