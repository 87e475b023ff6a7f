"""Open files: each kept connection is one, and hosts often allow 1,024."""

import resource

WANTED = 65_536


def allow_many() -> int:
    """Raise what this process may open to what its host allows at most; tells how many that are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return WANTED if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted
