"""Meta's Graph, shared by every channel of Meta: facebook-sdk's vocabulary on a transport of our own.

facebook-sdk 3.1.0 (2018) names the calls and the error; its transport is replaced, because it refuses every current
version, blocks the loop, puts the token into the URL and flattens nested fields. A connector adds its own codes:

    graph = Graph(token, base=…, app_secret=…, codes=MY_CODES)
    await graph.get_object("123", fields="name")              # a question: whatever goes wrong may be asked again
    await graph.put_object("123", "messages", text={…})       # an act: silence after it is Unsure

`Signature` is the door of its webhooks, `entries` opens their envelope. `page` holds what Facebook Pages and Instagram
accounts share beyond that; a channel takes it from here.
"""

from omnichannel.connectors.graph.api import PUBLIC_SERVER, VERSION, Graph, Upload
from omnichannel.connectors.graph.envelope import entries
from omnichannel.connectors.graph.expiry import expires as token_expires
from omnichannel.connectors.graph.hooks import Signature
from omnichannel.connectors.graph.page import links
from omnichannel.connectors.graph.page.asking import Asking, following, listed
from omnichannel.connectors.graph.page.codes import COMMENT_CODES
from omnichannel.connectors.graph.page.connector import PageConnector
from omnichannel.connectors.graph.page.contents import file, is_page
from omnichannel.connectors.graph.page.history import Conversations, History, Mark, Stretch, commented, is_since
from omnichannel.connectors.graph.page.scene import Item, Place, Scene, party, when
from omnichannel.connectors.graph.page.sending import LATE_WINDOW, MEGABYTE, WINDOW
from omnichannel.connectors.graph.page.webhook import Reading
from omnichannel.connectors.graph.page.words import EMOJI
from omnichannel.connectors.graph.refusals import Codes, Meaning, Who

__all__ = [
    "COMMENT_CODES",
    "EMOJI",
    "LATE_WINDOW",
    "MEGABYTE",
    "PUBLIC_SERVER",
    "VERSION",
    "WINDOW",
    "Asking",
    "Codes",
    "Conversations",
    "Graph",
    "History",
    "Item",
    "Mark",
    "Meaning",
    "PageConnector",
    "Place",
    "Reading",
    "Scene",
    "Signature",
    "Stretch",
    "Upload",
    "Who",
    "commented",
    "entries",
    "file",
    "following",
    "is_page",
    "is_since",
    "links",
    "listed",
    "party",
    "token_expires",
    "when",
]
