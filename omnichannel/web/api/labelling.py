"""Labels of the office's own, for programs: which there are, and which a conversation bears."""

from omnichannel.domain.policy import Action
from omnichannel.domain.work import Work
from omnichannel.inbox import labelling
from omnichannel.inbox.reply import actor, of
from omnichannel.web import guard
from omnichannel.web.api import shapes
from omnichannel.web.api.operation import Call, Operation
from omnichannel.web.api.reading import Whole, told, whole
from omnichannel.web.api.veil import Veil


async def labels(call: Call) -> shapes.Labels:
    """All in use, by name. They are made and removed at the desk."""
    found = await call.parts.store.read(lambda work: work.labels.all())
    return shapes.Labels(items=Veil(call.token).labels([one.id for one in found], found))


async def put_on(call: Call) -> shapes.Conversation:
    """It bears the label; where it did already nothing happens."""
    return await _change(call, put=True)


async def take_off(call: Call) -> shapes.Conversation:
    """It bears the label no more; where it did not nothing happens."""
    return await _change(call, put=False)


async def _change(call: Call, *, put: bool) -> shapes.Conversation:
    number, label, now = call.id("conversation"), call.id("label"), call.parts.clock.now()

    def story(work: Work) -> Whole:
        guard.ask(call.request, Action.LABEL, of(work, number))
        labelling.in_use(work, label)
        on, off = ((label,), ()) if put else ((), (label,))
        return told(work, labelling.change(work, actor(call.staff), number, on=on, off=off, now=now))

    return whole(call, await call.parts.store.write(story))


OPERATIONS = [
    Operation(
        method="GET",
        path="/labels",
        name="listLabels",
        summary="The office's labels",
        tag="conversations",
        action=Action.READ,
        handler=labels,
        answer=shapes.Labels,
    ),
    Operation(
        method="PUT",
        path="/conversations/{conversation}/labels/{label}",
        name="putLabel",
        summary="Put a label on the conversation",
        tag="conversations",
        action=Action.LABEL,
        handler=put_on,
        answer=shapes.Conversation,
        says=(404, 409),
    ),
    Operation(
        method="DELETE",
        path="/conversations/{conversation}/labels/{label}",
        name="takeLabel",
        summary="Take a label off the conversation",
        tag="conversations",
        action=Action.LABEL,
        handler=take_off,
        answer=shapes.Conversation,
        says=(404, 409),
    ),
]
