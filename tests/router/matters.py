"""What the tests of routing share."""

from datetime import timedelta

from omnichannel.domain.case import Kind

REQUEST = Kind.INFORMATION_REQUEST


DAY = timedelta(days=1)
