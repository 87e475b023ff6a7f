"""Whether an app may write for its account on X: asked without posting anything."""

import aiohttp
from tweepy.errors import HTTPException, TooManyRequests, Unauthorized

from publishing.x_client import XClient


async def account_of(client: XClient) -> str:
    """What is wrong with the keys, and the mend, in one sentence; empty when nothing is.

    Asks GET /2/users/me, which costs an owned read ($0.001, X API pricing 2026).
    """
    try:
        await client.request("GET", "/2/users/me", user_auth=True)
    except Unauthorized:
        return "X refuses the keys: copy all four again, made with Read and write permission; check this clock too"
    except TooManyRequests:
        return ""
    except HTTPException as refusal:
        return f"X says: {refusal}; see console.x.com for the app's credits and permissions"
    except (aiohttp.ClientError, TimeoutError) as fault:
        return f"X does not answer: {type(fault).__name__}"
    return ""
