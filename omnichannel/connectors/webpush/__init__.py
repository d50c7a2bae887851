"""Web Push to the browsers of officers: our key, the sealed message, and the call to their push service."""

from omnichannel.connectors.webpush.pusher import WebPusher
from omnichannel.connectors.webpush.vapid import signing_key

__all__ = ["WebPusher", "signing_key"]
