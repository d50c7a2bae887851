"""What Facebook Pages and Instagram accounts share: direct messages in one shape, one way of answering them, one door.

`webhook` opens a payload, `messaging` reads its direct messages, `contents` what they hold, `connector` is the account as
a whole. A channel adds how it words its public comments, and what its surfaces can do.
"""
