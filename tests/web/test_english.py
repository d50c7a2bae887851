"""Every sentence on a screen has its English."""

import ast
import re
import tomllib
from pathlib import Path
from string import Formatter

import omnichannel.web
from omnichannel.web import mishaps
from omnichannel.web.english import sources, table, translated

WEB = Path(omnichannel.web.__path__[0])
CALL = re.compile(r"""(?<![\w.])t\(\s*(?P<quote>["'])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""", re.DOTALL)


def sentences() -> dict[str, set[str]]:
    """Each `t("…")` of templates and code → the files that say it."""
    found: dict[str, set[str]] = {}
    for file in sorted(WEB.rglob("*")):
        if file.suffix == ".html":
            texts = {
                match["text"].replace(f"\\{match['quote']}", match["quote"])
                for match in CALL.finditer(file.read_text())
            }
        elif file.suffix == ".py":
            texts = set(of_code(ast.parse(file.read_text())))
        else:
            continue
        for text in texts:
            found.setdefault(text, set()).add(file.name)
    return found


def of_code(tree: ast.AST) -> list[str]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    named = [call for call in calls if ast.unparse(call.func).split(".")[-1] == "t"]
    firsts = [call.args[0] for call in named]
    return [first.value for first in firsts if isinstance(first, ast.Constant) and isinstance(first.value, str)]


def refusals() -> dict[str, str]:
    """Every sentence with which a story, a rule or a page says no; what it fills in stands as {x}."""
    found: dict[str, str] = {}
    for room in ("web", "domain", "inbox", "router"):
        for file in sorted((WEB.parent / room).rglob("*.py")):
            for call in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)):
                for said in said_by(call):
                    found[said] = file.name
    return found


def said_by(call: ast.Call) -> list[str]:
    name = ast.unparse(call.func).split(".")[-1]
    if name in {error.__name__ for error, _ in mishaps.STATUS} | {"StalePage", "WindowClosed", "TooLong"}:
        parts = call.args[:1]
    elif name == "Decision":
        parts = call.args[1:2]
    else:
        return []
    return [text for part in parts for text in texts_of(part) if text[:1].isupper() or text.startswith("{")]


def texts_of(part: ast.expr) -> list[str]:
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        return [part.value]
    if isinstance(part, ast.JoinedStr):
        return ["".join(str(one.value) if isinstance(one, ast.Constant) else "{x}" for one in part.values)]
    return []


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_frame_says_something_at_all() -> None:
    assert "{n} hk" in sentences()


def test_every_sentence_has_its_english() -> None:
    missing = {text: sorted(files) for text, files in sentences().items() if text not in table()}

    assert missing == {}


def test_every_refusal_has_its_english() -> None:
    found = refusals()

    assert "Peran Anda tidak mencakup tindakan ini." in found
    assert {text: file for text, file in found.items() if translated(text, "en", {}) == text} == {}


def test_every_error_page_has_its_english() -> None:
    assert [said for pair in mishaps.TITLES.values() for said in pair if said not in table()] == []


def test_no_two_files_disagree_on_a_sentence() -> None:
    said: dict[str, set[str]] = {}
    for source in sources():
        for indonesian, english in tomllib.loads(source.read_text()).items():
            said.setdefault(indonesian, set()).add(english)

    assert {text: words for text, words in said.items() if len(words) > 1} == {}


def test_a_sentence_that_comes_filled_in_is_recognised_by_its_pattern() -> None:
    assert translated("Akun 'wa {x} humas' tidak ada di konfigurasi.", "en", {}) == (
        "There is no account 'wa {x} humas' in the configuration."
    )
    assert translated("Hitungan 1 hari kerja sejak 2026 melewati ujung kalender.", "en", {}).startswith(
        "1 working day "
    )
    assert translated("Jendela 24 jam sudah tertutup. Tunggu warga menulis lagi.", "en", {}) == (
        "The 24-hour window has shut. Wait until the citizen writes again."
    )


def test_the_english_fills_in_the_same_fields() -> None:
    def wrong(indonesian: str, english: str) -> bool:
        # "once" and "one citizen" may do without the number; nothing else may be lost or made up.
        forms = english.split("|")
        return any(fields(indonesian) - fields(form) - ({"n"} if len(forms) > 1 else set()) for form in forms) or any(
            fields(form) - fields(indonesian) for form in forms
        )

    assert [text for text, english in table().items() if wrong(text, english)] == []


def test_english_has_a_plural_and_indonesian_has_none() -> None:
    assert translated("{n} orang", "id", {"n": 1}) == "1 orang"
    assert translated("kemarin", "en", {}) == "yesterday"
    assert translated("kalimat tanpa padanan", "en", {}) == "kalimat tanpa padanan"


def test_words_of_a_citizen_in_a_field_are_never_read_as_a_pattern() -> None:
    assert translated("Batas {day}", "en", {"day": "{0} {password}"}) == "Due {0} {password}"
