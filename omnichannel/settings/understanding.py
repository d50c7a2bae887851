"""Builds the tables of understanding from parsed routing.toml, words.toml and organisation.toml; every error names its key.

CueClassifier(build(routing, words, organisation))   # app joins the two: settings and router do not know each other
"""

from collections.abc import Mapping, Sequence

from omnichannel.domain.case import Kind, Queue
from omnichannel.domain.errors import BadConfig
from omnichannel.domain.organisation import Level, Organisation, Unit
from omnichannel.domain.phrase import Alternatives, Phrase, alternatives, parse, variants
from omnichannel.domain.understanding import (
    CALM_ROLES,
    DANGER_ROLES,
    PLAIN_ROLES,
    SHAPES,
    AuthorityCue,
    Company,
    Danger,
    Idea,
    KindCue,
    KindTables,
    Pair,
    PlaceTables,
    RoutingTables,
    Shape,
    TopicCue,
    Understanding,
    UnitCue,
    UrgentTables,
    WordTables,
)
from omnichannel.domain.verdict import NO_TOPIC, TOPICS
from omnichannel.settings.places import build_places
from omnichannel.settings.rows import Row

ROUTING, WORDS, ORGANISATION, DANGER = "routing.toml", "words.toml", "organisation.toml", "danger.toml"
ROUTING_KEYS = ("queue", "threshold", "kinds", "topic", "unit", "authority", "urgent", "addressed")
WORDS_KEYS = ("abbreviations", "known", "slang", "regional", "english", "emoji", "class")
ORGANISATION_KEYS = ("unit", "place", "spelling", "evidence")
UNIT_KEYS = ("key", "name", "level", "parent", "code", "aliases", "topics", "common", "not_after", "not_before")
REACHES = ("on", "before", "sentence", "message")
LOUDNESS = {"decisive": 4.5, "strong": 3.0, "medium": 1.6, "weak": 0.7}
NAMED_UNIT = 3.8  # how loudly a unit's own name speaks for it
VARIATION = "\ufe0f"  # follows many emoji and is none itself

Classes = Mapping[str, Alternatives]


def build(
    routing: Mapping[str, object],
    words: Mapping[str, object],
    organisation: Mapping[str, object],
    danger: Mapping[str, object],
) -> Understanding:
    """All tables, checked. BadConfig names the file, the key and what was expected."""
    word_tables, classes = _words(Row(words, WORDS, "", WORDS_KEYS))
    root = Row(organisation, ORGANISATION, "", ORGANISATION_KEYS)
    units = build_organisation(root)
    danger_root = Row(danger, DANGER, "", ("idea", "sense"))
    return Understanding(
        words=word_tables,
        places=_places(root),
        routing=_routing(Row(routing, ROUTING, "", ROUTING_KEYS), classes, units, word_tables.slang),
        organisation=units,
        ideas=_ideas(danger_root, classes),
        senses=_senses(danger_root, classes),
    )


def build_organisation(root: Row) -> Organisation:
    """The tree of units of organisation.toml."""
    units = [_unit(row) for row in root.rows("unit", UNIT_KEYS)]
    try:
        return Organisation(units, build_places(root, frozenset(unit.key for unit in units if unit.level.area)))
    except ValueError as error:
        key, _, expected = str(error).partition(": ")
        raise BadConfig(ORGANISATION, f"unit {key}", expected) from error


def _unit(row: Row) -> Unit:
    levels = [level.value for level in Level]
    level = row.text("level")
    if level not in levels:
        row.wrong("level", f"one of {', '.join(levels)}")
    return Unit(
        key=row.text("key"),
        name=row.text("name"),
        level=Level(level),
        parent=row.optional_text("parent"),
        code=row.optional_text("code"),
        aliases=_texts(row, "aliases"),
        topics=_weights(row, "topics", (*TOPICS, NO_TOPIC)),
        common=row.flag("common"),
        not_after=_texts(row, "not_after"),
        not_before=_texts(row, "not_before"),
    )


def _places(root: Row) -> PlaceTables:
    evidence = _table(root, "evidence", ("ours", "elsewhere"))
    return PlaceTables(
        spelling=_text_table(root, "spelling"),
        ours=_texts(evidence, "ours"),
        elsewhere=frozenset(_texts(evidence, "elsewhere")),
    )


def _words(root: Row) -> tuple[WordTables, Classes]:
    slang: dict[str, str] = {}
    regional = _mapping(root, "regional")
    languages = Row(regional, WORDS, "regional", tuple(map(str, regional)))
    # The later table gives way: what is Indonesian slang stays so, whatever a regional language means by it.
    for table in (
        _text_table(root, "english"),
        *(_text_table(languages, str(name)) for name in regional),
        _text_table(root, "slang"),
    ):
        slang.update(table)
    classes: dict[str, Alternatives] = {}
    raw = _mapping(root, "class")
    row = Row(raw, WORDS, "class", tuple(map(str, raw)))
    for name in map(str, raw):
        try:
            classes[name] = alternatives("|".join(_texts(row, name)), {})
        except ValueError as error:
            raise BadConfig(WORDS, f"class.{name}", str(error)) from error
    known = frozenset(root.text("known", default="ada").split())
    tables = WordTables(
        slang=slang,
        emoji={
            sign: name
            for name, signs in _text_table(root, "emoji").items()
            for sign in signs
            if sign != VARIATION and not sign.isspace()
        },
        known=known | frozenset(word for group in classes.values() for word in group.words),
        abbreviations=frozenset(_texts(root, "abbreviations")),
    )
    return tables, classes


def _routing(root: Row, classes: Classes, organisation: Organisation, slang: Mapping[str, str]) -> RoutingTables:
    threshold = _table(root, "threshold", ("sure", "clear", "second"))
    queue = _table(root, "queue", tuple(kind.value for kind in Kind))
    kinds = _kinds(_table(root, "kinds", ("temperature", "bias", "channel", "shape", "cue", "pair")), classes)
    return RoutingTables(
        kinds=kinds,
        topics=_topics(root, classes),
        units=(*_unit_cues(root, classes, organisation), *_unit_names(organisation, slang)),
        authorities=tuple(
            AuthorityCue(row.text("name"), phrase)
            for row in root.rows("authority", ("name", "phrases"))
            for phrase in _phrases(row, "phrases", classes)
        ),
        urgent=_urgent(_table(root, "urgent", ("alarm", "sure", "danger", "company", "calm")), classes, kinds),
        queues={kind: _queue(queue, kind) for kind in Kind},
        sure=_decimal(threshold, "sure", 0.0, 1.0),
        clear=_decimal(threshold, "clear", 0.0, 1.0),
        second=_decimal(threshold, "second", 0.0, 1.0),
        addressed=_addressed(root),
    )


def _queue(row: Row, kind: Kind) -> Queue:
    name = row.text(kind.value)
    if name not in list(Queue):
        row.wrong(kind.value, f"one of {', '.join(Queue)}")
    return Queue(name)


def _kinds(row: Row, classes: Classes) -> KindTables:
    channels = _mapping(row, "channel")
    channel_row = Row(channels, ROUTING, "kinds.channel", tuple(map(str, channels)))
    cues = tuple(_kind_cue(cue, classes) for cue in row.rows("cue", ("name", "phrases", "weights", "fades", "strong")))
    names = {cue.name for cue in cues}
    return KindTables(
        bias=dict.fromkeys(Kind, 0.0) | _by_kind(row, "bias"),
        temperature=_decimal(row, "temperature", 0.05, 20.0),
        cues=cues,
        pairs=tuple(_pair(pair, names) for pair in row.rows("pair", ("cues", "weights"))),
        shapes=tuple(_shape(shape) for shape in row.rows("shape", ("name", "weights"))),
        channels={str(name): _by_kind(channel_row, str(name)) for name in channels},
    )


def _kind_cue(row: Row, classes: Classes) -> KindCue:
    weights = _by_kind(row, "weights")
    if not weights:
        row.wrong("weights", "a weight for one kind at least")
    return KindCue(
        name=row.text("name"),
        phrases=_phrases(row, "phrases", classes),
        weights=weights,
        fades=row.number("fades", range(1, 1000)) if _has(row, "fades") else None,
        strong=row.flag("strong"),
    )


def _pair(row: Row, names: set[str]) -> Pair:
    cues = _texts(row, "cues")
    if len(cues) != 2 or not names.issuperset(cues):
        row.wrong("cues", "the names of two [[kinds.cue]]")
    return Pair((cues[0], cues[1]), _by_kind(row, "weights"))


def _shape(row: Row) -> Shape:
    if row.text("name") not in SHAPES:
        row.wrong("name", f"one of {', '.join(SHAPES)}")
    return Shape(row.text("name"), _by_kind(row, "weights"))


def _topics(root: Row, classes: Classes) -> tuple[TopicCue, ...]:
    table = _table(root, "topic", (*TOPICS, NO_TOPIC))
    cues: list[TopicCue] = []
    for topic in map(str, _mapping(root, "topic")):
        row = _table(table, topic, tuple(LOUDNESS))
        for loudness, weight in LOUDNESS.items():
            cues.extend(TopicCue(topic, phrase, weight) for phrase in _phrases(row, loudness, classes))
    return tuple(cues)


def _addressed(root: Row) -> dict[str, str]:
    """Pieces of accounts' names; a file of before, which has none, stays good."""
    table = _table(root, "addressed", TOPICS)
    return {piece.lower(): str(topic) for topic in _mapping(root, "addressed") for piece in _texts(table, str(topic))}


def _unit_cues(root: Row, classes: Classes, organisation: Organisation) -> list[UnitCue]:
    cues: list[UnitCue] = []
    for row in root.rows("unit", ("key", "weight", "phrases")):
        key = row.text("key")
        if key not in organisation and key not in ("@kecamatan", "@desa"):
            row.wrong("key", f"a unit of {ORGANISATION}, @kecamatan or @desa")
        weight = _decimal(row, "weight", 0.0, 10.0)
        cues.extend(UnitCue(key, phrase, weight) for phrase in _phrases(row, "phrases", classes))
    return cues


def _unit_names(organisation: Organisation, slang: Mapping[str, str]) -> list[UnitCue]:
    """Whoever names the unit means the unit; areas are found by the place finder instead."""
    cues: list[UnitCue] = []
    for unit in organisation.at(Level.OPD):
        for name in {unit.name.lower().replace(",", ""), *map(str.lower, unit.aliases)}:
            plain = " ".join(slang.get(word, word) for word in name.split())
            cues.append(UnitCue(unit.key, parse(plain, {}), NAMED_UNIT))
    return cues


def _urgent(row: Row, classes: Classes, kinds: KindTables) -> UrgentTables:
    dangers = tuple(
        Danger(
            danger.text("name"),
            _phrases(danger, "phrases", classes),
            _decimal(danger, "weight", 0.0, 20.0),
            danger.flag("firm"),
        )
        for danger in row.rows("danger", ("name", "weight", "firm", "phrases"))
    )
    names = {danger.name for danger in dangers}
    company = row.rows("company", ("name", "weight", "reach", "spares_firm", "only", "phrases"))
    return UrgentTables(
        dangers=dangers,
        company=tuple(_company(one, names, classes) for one in company),
        calm=_weights(row, "calm", tuple(cue.name for cue in kinds.cues)),
        alarm=_decimal(row, "alarm", 0.1, 20.0),
        sure=_decimal(row, "sure", 0.1, 20.0),
    )


def _ideas(root: Row, classes: Classes) -> tuple[Idea, ...]:
    ideas: dict[str, Idea] = {}
    for row in root.rows("idea", ("name", "phrases", "danger", "calm")):
        name = row.text("name")
        if name in ideas:
            row.wrong("name", "a name of its own")
        ideas[name] = Idea(name, _phrases(row, "phrases", classes), row.optional_text("danger") or "", row.flag("calm"))
    return tuple(ideas.values())


def _senses(root: Row, classes: Classes) -> tuple[Idea, ...]:
    senses: dict[str, Idea] = {}
    roles = (*DANGER_ROLES, *PLAIN_ROLES, *CALM_ROLES)
    for row in root.rows("sense", ("name", "role", "danger", "phrases")):
        name, role = row.text("name"), row.text("role")
        if name in senses:
            row.wrong("name", "a name of its own")
        if role not in roles:
            row.wrong("role", f"one of {', '.join(roles)}")
        phrases, danger = _phrases(row, "phrases", classes), row.optional_text("danger") or ""
        senses[name] = Idea(name, phrases, danger, role in CALM_ROLES, role)
    return tuple(senses.values())


def _company(row: Row, dangers: set[str], classes: Classes) -> Company:
    reach = row.text("reach")
    if reach not in REACHES:
        row.wrong("reach", f"one of {', '.join(REACHES)}")
    only = _texts(row, "only")
    if not dangers.issuperset(only):
        row.wrong("only", "names of [[urgent.danger]]")
    return Company(
        name=row.text("name"),
        phrases=_phrases(row, "phrases", classes),
        weight=_decimal(row, "weight", -20.0, 20.0),
        reach=reach,
        spares_firm=row.flag("spares_firm"),
        only=only,
    )


def _phrases(row: Row, key: str, classes: Classes) -> tuple[Phrase, ...]:
    phrases: list[Phrase] = []
    for number, text in enumerate(_texts(row, key), start=1):
        try:
            phrases.extend(parse(variant, classes) for variant in variants(text))
        except ValueError as error:
            raise BadConfig(row.file, row.path(f"{key} #{number}"), f"{error}, in {text!r}") from error
    return tuple(phrases)


def _by_kind(row: Row, key: str) -> dict[Kind, float]:
    return {Kind(name): weight for name, weight in _weights(row, key, tuple(kind.value for kind in Kind)).items()}


def _weights(row: Row, key: str, names: Sequence[str]) -> dict[str, float]:
    if not _has(row, key):
        return {}
    table = _table(row, key, tuple(names))
    return {name: _decimal(table, name, -20.0, 20.0) for name in names if _has(table, name)}


def _table(row: Row, key: str, known: Sequence[str]) -> Row:
    return Row(_mapping(row, key), row.file, row.path(key), known)


def _mapping(row: Row, key: str) -> Mapping[str, object]:
    value = row.raw(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        row.wrong(key, "a table")
    return value


def _text_table(row: Row, key: str) -> dict[str, str]:
    table = _mapping(row, key)
    inner = Row(table, row.file, row.path(key), tuple(map(str, table)))
    return {str(name): inner.text(str(name)) for name in table}


def _texts(row: Row, key: str) -> tuple[str, ...]:
    values = row.items(key, ())
    if not all(isinstance(value, str) and value.strip() for value in values):
        row.wrong(key, "a list of texts in quotes")
    return tuple(str(value).strip() for value in values)


def _decimal(row: Row, key: str, lowest: float, highest: float) -> float:
    value = row.raw(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
        row.wrong(key, f"a number from {lowest:g} to {highest:g}")
    return float(value)


def _has(row: Row, key: str) -> bool:
    return row.raw(key) is not None
