"""HTML mail to lines of text, quoted parts marked. Every word that stands between tags survives.

Event-driven on lxml's parser: a renderer that walks the tree calls itself for each level and gives an empty text for
500 nested tables, and takes over a second for a megabyte; both arrive.
"""

import re
from collections.abc import Mapping

from lxml import etree

from omnichannel.connectors.mail.quote import Line

_SILENT = frozenset({"script", "style", "title", "template", "noembed"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure",
    "figcaption", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "thead", "tfoot", "tr", "ul", "body", "html", "option", "caption",
})  # fmt: skip
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "blockquote"})
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_QUOTE_CLASS = re.compile(
    r"(?:^|\s)(?:yahoo_quoted|moz-cite-prefix|gmail_attr|protonmail_quote|zmail_extra|tutanota_quote|"
    r"OutlookMessageHeader|x_gmail_attr)(?:$|\s)"
)
_QUOTE_ID = frozenset(
    {"olk_src_body_section", "mail-editor-reference-message-container", "reply-intro", "replyblockquote"}
)
# From here to the end of the letter Outlook shows the mail that is answered.
_REST_ID = frozenset({"divrplyfwdmsg", "appendonsend", "x_divrplyfwdmsg", "x_appendonsend", "stopspelling"})
_REST_STYLE = re.compile(r"border-top\s*:\s*solid\s+#(?:e1e1e1|b5c4df)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f\xad\u200b\u200c]+")
_WIDE_GAP = re.compile(" {3,}")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)


def declared_charset(data: bytes) -> str | None:
    """What the page says of itself; it is asked only when the mail's own header is silent."""
    found = _CHARSET.search(data[:4000])
    return found.group(1).decode("ascii") if found else None


def lines(html: str) -> list[Line]:
    """The page as lines, each marked when the sender's program marked it as quoted."""
    target = _Reader()
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)
    data = _UNREADABLE.sub("", html).encode("utf-8", "replace")
    try:
        for at in range(0, len(data), 1 << 20):
            parser.feed(data[at : at + (1 << 20)])
        parser.close()
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        # An empty page, or one that ends in the middle of a tag: what was read until there stands.
        pass
    return target.finish()


class _Reader:
    """Collects text while tags open and close."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._line: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._quotes = 0
        self._silent = 0
        self._preformatted = 0
        self._rest = False
        self._gap = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        quote = bool(attributes) and self._is_quote(tag, attributes)
        if tag in _BLOCKS:
            self._break(gap=tag in _SPACED and "Mso" not in attributes.get("class", ""))
        if quote:
            self._break()
        if tag == "br":
            self._newline()
        elif tag == "li":
            self._line.append("- ")
        elif tag in ("td", "th") and self._line:
            self._line.append("  ")
        elif tag == "img" and (alternative := attributes.get("alt", "").strip()):
            self._line.append(f"[{_SPACES.sub(' ', alternative)}]")
        if tag in _VOID:
            return
        self._open.append((tag, quote))
        self._quotes += quote
        self._silent += tag in _SILENT
        self._preformatted += tag in ("pre", "textarea", "plaintext", "xmp")

    def end(self, tag: str) -> None:
        if tag in _VOID or not self._open or self._open[-1][0] != tag:
            return
        _, quote = self._open.pop()
        if tag in _BLOCKS or quote:
            self._break(gap=tag in _SPACED and tag != "p")
        self._quotes -= quote
        self._silent -= tag in _SILENT
        self._preformatted -= tag in ("pre", "textarea", "plaintext", "xmp")

    def data(self, text: str) -> None:
        if self._silent:
            return
        if not self._preformatted:
            if text.isspace():
                text = " "
            elif "\n" in text or "  " in text or not text.isascii() or "\t" in text:
                text = _SPACES.sub(" ", text)
            if self._line or text != " ":
                self._line.append(text)
            return
        first, *more = text.replace("\r\n", "\n").split("\n")
        self._line.append(first)
        for line in more:
            self._newline()
            self._line.append(line)

    def comment(self, text: str) -> None:
        """Not shown to anybody."""

    def close(self) -> None:
        """lxml asks for it; the lines are fetched by `finish`, which also works after a fault."""

    def finish(self) -> list[Line]:
        self._break()
        return self._lines

    def _is_quote(self, tag: str, attributes: Mapping[str, str]) -> bool:
        own_id = attributes.get("id", "").lower()
        style = attributes.get("style", "")
        if own_id in _REST_ID or (style and _REST_STYLE.search(style)):
            if self._lines or self._line:
                self._break()
                self._rest = True
            return False
        own_class = attributes.get("class", "")
        if tag == "blockquote":
            cited = attributes.get("type", "").lower() == "cite" or "cite" in attributes
            return cited or "quote" in own_class.lower() or "border-left" in style.lower()
        return own_id in _QUOTE_ID or bool(own_class and _QUOTE_CLASS.search(own_class))

    def _break(self, *, gap: bool = False) -> None:
        """End the line if there is one; a paragraph is set off by an empty line."""
        if self._line:
            self._newline()
        self._gap = self._gap or (gap and bool(self._lines))

    def _newline(self) -> None:
        marked = self._rest or self._quotes > 0
        text = "".join(self._line)
        self._line = []
        if not self._preformatted:
            text = (_WIDE_GAP.sub("  ", text) if "   " in text else text).strip(" \xa0")
        if self._gap and text:
            if self._lines and self._lines[-1].text:
                self._lines.append(Line("", marked and self._lines[-1].quoted))
            self._gap = False
        self._lines.append(Line(text, marked))
