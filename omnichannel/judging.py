"""Chooses the classifier: the cues, and over them the model that staff's corrections taught, else the one we carry.

Apart from `app`, so that `omnichannel classify` starts without the platforms' libraries.
"""

import logging
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from omnichannel.domain.errors import OmnichannelError
from omnichannel.domain.ports import Classifier
from omnichannel.domain.understanding import Understanding
from omnichannel.domain.verdict import Verdict
from omnichannel.router.classify import CueClassifier
from omnichannel.router.danger import DangerModel
from omnichannel.router.danger_lessons import Alert, alerts
from omnichannel.router.lessons import corpus
from omnichannel.router.model import LearntClassifier, Model
from omnichannel.settings.office import SECTIONS, load_server
from omnichannel.settings.rows import Row
from omnichannel.settings.source import Source
from omnichannel.store.models import ModelShelf

log = logging.getLogger(__name__)

FOLDER = "models"
CARRIED = "first.model.gz"
DANGER = "danger.model.gz"


def shelf_in(data: Path) -> ModelShelf:
    """Where an installation keeps what it learnt."""
    return ModelShelf(data / FOLDER)


def data_folder(source: Source) -> Path:
    """`[store] data_dir`, without the accounts and their secrets."""
    table, file = source.settings()
    return load_server(Row(table, file, "", SECTIONS)).data


def classifier_for(understanding: Understanding, data: Path) -> Classifier:
    """Cues and model together; the cues alone where no model can be read."""
    cues = CueClassifier(understanding, carried_danger())
    model = model_in_use(data)
    return LearntClassifier(cues, model) if model is not None else cues


class LivingClassifier:
    """Judges with the model that is in use now. Whoever puts another one in use, in whichever process, is noticed by
    `refresh`; a message that is being judged meanwhile is judged to its end by the model it began with."""

    def __init__(self, understanding: Understanding, data: Path) -> None:
        self._cues = CueClassifier(understanding, carried_danger())
        self._data = data
        self._mark = shelf_in(data).mark()
        self._held = self._with(model_in_use(data))

    def classify(self, text: str, *, channel: str | None = None) -> Verdict:
        """What the message is; never fails, whatever was written."""
        return self._held.classify(text, channel=channel)

    def refresh(self) -> bool:
        """Take up the version that is in use by now; True when it is another one. Blocking: reading takes a moment. What
        cannot be read is passed over, and the model at hand goes on."""
        shelf = shelf_in(self._data)
        mark = shelf.mark()
        if mark == self._mark:
            return False
        self._mark, (name, _) = mark, mark
        try:
            model = Model.read(shelf.read(name)) if name is not None else carried_model()
        except OmnichannelError as error:
            log.warning("model not usable", extra={"model": name, "error": str(error)})
            return False
        self._held = self._with(model)
        log.info("model taken up", extra={"model": name or CARRIED})
        return True

    def _with(self, model: Model | None) -> Classifier:
        return LearntClassifier(self._cues, model) if model is not None else self._cues


def can_learn() -> bool:
    """Whether the libraries of the extra `learn` are there; they are looked for, never loaded."""
    return all(find_spec(name) is not None for name in ("sklearn", "scipy", "numpy"))


def model_in_use(data: Path) -> Model | None:
    """The version that `learn` put in use; where it is gone or damaged, the one we carry, and a word in the log."""
    shelf = shelf_in(data)
    name = shelf.current()
    if name is not None:
        try:
            return Model.read(shelf.read(name))
        except OmnichannelError as error:
            log.warning("model not usable", extra={"model": name, "error": str(error)})
    return carried_model()


def carried_model() -> Model | None:
    """The model of the corpus alone, that the package carries."""
    try:
        return Model.read(resources.files("omnichannel.router").joinpath(CARRIED).read_bytes())
    except (OSError, OmnichannelError) as error:
        log.warning("model not usable", extra={"model": CARRIED, "error": str(error)})
        return None


def carried_danger() -> DangerModel | None:
    """The learnt head for danger to life; without it the rules alone ring the alarm."""
    try:
        return DangerModel.read(resources.files("omnichannel.router").joinpath(DANGER).read_bytes())
    except (OSError, OmnichannelError) as error:
        log.warning("model not usable", extra={"model": DANGER, "error": str(error)})
        return None


def carried_alerts() -> list[Alert]:
    """The lessons on danger that the package carries, and all others as examples of none."""
    return alerts(_texts("corpus", "danger"), corpus(carried_corpus()))


def carried_corpus() -> dict[str, str]:
    """The lessons that the package carries, as text by the name of the file."""
    return _texts("corpus")


def _texts(*path: str) -> dict[str, str]:
    folder = resources.files("omnichannel.router").joinpath(*path)
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".jsonl")}
