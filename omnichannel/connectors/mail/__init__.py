"""Mail: IMAP in, SMTP out. `parse` is pure; `imap` and `smtp` talk to the servers; `connector` joins them."""

from omnichannel.connectors.mail.connector import MailConnector, build

__all__ = ["MailConnector", "build"]
