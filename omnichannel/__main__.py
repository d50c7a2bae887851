"""The command line: `omnichannel COMMAND …`, the same as `python -m omnichannel`."""

import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from omnichannel import __version__
from omnichannel.commands import classify, deadline, demo, doctor, export, learn, parse, recount, replay, service, staff
from omnichannel.commands.speech import FAILED, WRONG, Language, tell, two
from omnichannel.domain.errors import BadConfig, Invalid, OmnichannelError

app = typer.Typer(
    name="omnichannel",
    help=two(
        "Satu meja layanan warga: semua kanal masuk ke sini, dijawab tepat waktu.",
        "One desk for a local government: every channel comes in here and is answered in time.",
    ),
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def _start(
    lang: Language = None,
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help=two("Versi.", "Version.")),
) -> None:
    """Options of every command."""


for room in (service, demo, doctor, staff, parse, classify, learn, deadline, recount, replay, export):
    room.register(app)


def main() -> None:
    """The console script. Exit 0: done · 1: what was asked for failed · 2: wrong usage or configuration."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """One command; returns its exit code."""
    command = typer.main.get_command(app)
    try:
        done = command.main(args=list(arguments), prog_name="omnichannel", standalone_mode=False)
        sys.stdout.flush()
    except (typer.Abort, KeyboardInterrupt):
        tell("Dihentikan.", "Stopped.")
        return FAILED
    except typer.TyperException as wrong:
        return _usage(wrong)
    except BadConfig as wrong:
        tell(f"Pengaturan keliru. {wrong}", f"Bad configuration. {wrong}")
        return WRONG
    except Invalid as wrong:
        tell(str(wrong), str(wrong))
        return WRONG
    except OmnichannelError as error:
        tell(f"Gagal: {error}", f"Failed: {error}")
        return FAILED
    except BrokenPipeError:
        # Whoever read our lines has gone (`| head`); Python must not complain of it once more while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return done if isinstance(done, int) else 0


def _usage(error: Any) -> int:
    """What was wrong with the words of the command line, and how it is asked."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        print(context.get_help() if context else "", file=sys.stderr)
        return WRONG
    if context is not None:
        print(context.get_usage().replace("Usage:", two("Pemakaian:", "Usage:")), file=sys.stderr)
        ask = f"{context.command_path} --help"
        tell(f"Penjelasan: {ask}", f"Help: {ask}")
    # The library that checks values announces each of its complaints.
    text = str(error.format_message() if hasattr(error, "format_message") else error).replace("Value error, ", "")
    tell(f"Salah pakai: {_indonesian(error, text)}", f"Wrong usage: {text}")
    return int(getattr(error, "exit_code", WRONG))


def _indonesian(error: Any, text: str) -> str:
    """The parser speaks English; what it says most often is said here in Indonesian."""
    name = type(error).__name__
    if name == "NoSuchOption":
        return f"pilihan {error.option_name} tidak dikenal."
    parameter = getattr(error, "param", None)
    hint = parameter.get_error_hint() if parameter is not None else ""
    if name == "MissingParameter":
        return f"{hint} belum diisi."
    if name == "BadParameter" and hint:
        return f"isi {hint} tidak dapat dipakai: {error.message.removeprefix('Value error, ')}"
    return text


if __name__ == "__main__":
    main()
