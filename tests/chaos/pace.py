"""How fast the workers under test live."""

from publishing.dispatch import Pace

CHAOS_PACE = Pace(lease=1.8, request=0.8, answer=0.65, margin=0.3, look=0.2, idle=0.2, store_down=0.25)
"""The shipped order of things, some thirty times as fast: a request may begin until 0.7 s after the claim."""
