"""A web server with pages at fixed paths, for what editors push."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

PAGE = """<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">
<title>{title} - الوسط العربي</title><link rel="canonical" href="{canonical}">
<meta property="og:type" content="article"><meta property="og:site_name" content="الوسط العربي">
<meta property="og:title" content="{title} - الوسط العربي">
<link rel="shortlink" href="{shortlink}"></head>
<body class="single single-post postid-{number}"><article><h1 class="entry-title">{title}</h1>
<div class="entry-content"><p>تفاصيل {title} كما رواها مراسلنا من المدينة صباح اليوم.</p></div></article></body></html>"""


@asynccontextmanager
async def page_server(pages: dict[str, str]) -> AsyncIterator[str]:
    """Serve `pages` (path to HTML; may grow while it runs); gives the base address."""

    async def page(request: web.Request) -> web.Response:
        text = pages.get(request.path)
        if text is None:
            raise web.HTTPNotFound
        return web.Response(text=text, content_type="text/html", charset="utf-8")

    app = web.Application()
    app.router.add_get("/{path:.*}", page)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
