"""Log lines on stderr: JSON for machines, plain lines on a terminal. No secret and no citizen's word stands in one."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "…"
# Keys under which somebody might one day log what nobody should read.
NEVER = frozenset(
    {"text", "body", "payload", "password", "token", "secret", "authorization", "cookie", "phone", "address"}
)
# What credentials look like where a library words an error: Telegram's token in a path, a password in an address.
SHAPES = (
    (re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}"), HIDDEN),
    (re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"), HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {HIDDEN}"),
)
WARNING = logging.WARNING
SHORTEST = 6  # A shorter secret would blot out ordinary words; nothing real is so short.
QUIET = ("aiogram", "aiohttp.access", "aiohttp.server", "asyncio", "alembic", "imap_tools", "stamina")


def set_up(secrets: Iterable[str] = (), *, level: int = logging.INFO) -> None:
    """Once, before anything runs. `secrets` are the values themselves: wherever one turns up, it is blotted out."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _unsaid,
    ]
    terminal = sys.stderr.isatty()
    drawn: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        structlog.dev.ConsoleRenderer(colors=True, exception_formatter=structlog.dev.plain_traceback)
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False),
        _Blot(secrets),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=drawn))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _unsaid(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    for key in NEVER & event.keys():
        event[key] = HIDDEN
    return event


class _Blot:
    """The last look at a finished line."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({one for one in secrets if len(one) >= SHORTEST}, key=len, reverse=True)
        self._known = re.compile("|".join(re.escape(one) for one in known)) if known else None

    def __call__(self, logger: WrappedLogger, method: str, line: Any) -> Any:
        for shape, instead in SHAPES:
            line = shape.sub(instead, line)
        return self._known.sub(HIDDEN, line) if self._known else line
