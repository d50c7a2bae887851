"""The catalogue builds every channel it names, and tells a connector where its hooks lie."""

import asyncio
import json
import sys

from omnichannel.connectors.catalogue import BUILDERS, build
from omnichannel.domain.channel import Channel
from omnichannel.domain.office import Account, Secret
from omnichannel.toys.telegram import TelegramToy


def test_every_channel_is_built_and_keeps_its_name() -> None:
    for channel, builder in BUILDERS.items():
        made = builder(Account("akun-coba", channel))
        assert (made.account, made.channel) == ("akun-coba", channel)
        assert made.surfaces


async def test_nobody_waits_for_a_sdk_before_it_is_used() -> None:
    """aiogram costs seconds; every command paid for it, `parse mail` too."""
    program = (
        "import sys; from omnichannel.connectors.catalogue import BUILDERS, build; "
        "from omnichannel.domain.channel import Channel; from omnichannel.domain.office import Account; "
        "build(Account('coba', Channel.SANDBOX)); build(Account('tg', Channel.TELEGRAM)); "
        "print(sorted({'aiogram', 'facebook', 'tweepy', 'imap_tools'} & set(sys.modules)))"
    )

    asked = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    said, _ = await asked.communicate()

    assert said.decode().strip() == "[]"


async def test_hooks_lie_under_the_public_address() -> None:
    toy = TelegramToy()
    account = Account(
        "tg-humas",
        Channel.TELEGRAM,
        {"mode": "webhook", "base_url": await toy.start()},
        {"TOKEN": Secret(toy.token), "WEBHOOK_SECRET": Secret("rahasia")},
    )

    connector = build(account, public_url="https://lapor.example/")
    await connector.open()
    await connector.close()
    await toy.stop()

    asked = dict(toy.calls)["setWebhook"]
    assert asked["url"] == "https://lapor.example/hooks/tg-humas"
    assert "message_reaction" in json.loads(asked["allowed_updates"])
