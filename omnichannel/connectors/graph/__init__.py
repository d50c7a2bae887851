"""Meta's Graph, shared by every channel of Meta: facebook-sdk's vocabulary on a transport of our own.

facebook-sdk 3.1.0 (2018) names the calls and the error; its transport is replaced, because it refuses every current
version, blocks the loop, puts the token into the URL and flattens nested fields. A connector adds its own codes:

    graph = Graph(token, base=…, app_secret=…, codes=MY_CODES)
    await graph.get_object("123", fields="name")              # a question: whatever goes wrong may be asked again
    await graph.put_object("123", "messages", text={…})       # an act: silence after it is Unsure

`Signature` is the door of its webhooks, `entries` opens their envelope.
"""

from omnichannel.connectors.graph.api import PUBLIC_SERVER, VERSION, Graph, Upload
from omnichannel.connectors.graph.envelope import entries
from omnichannel.connectors.graph.hooks import Signature
from omnichannel.connectors.graph.refusals import Codes, Meaning, Who

__all__ = ["PUBLIC_SERVER", "VERSION", "Codes", "Graph", "Meaning", "Signature", "Upload", "Who", "entries"]
