"""The wall's page: its template and the files that draw it, for the web and for a proof alike."""

from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

FILES = {
    "wall.css": ("wall/wall.css", "text/css"),
    "wall.js": ("wall/wall.js", "text/javascript"),
    "icon.svg": ("wall/icon.svg", "image/svg+xml"),
    "medium.ttf": ("fonts/IBMPlexSansArabic-Medium.ttf", "font/ttf"),
    "bold.ttf": ("fonts/IBMPlexSansArabic-Bold.ttf", "font/ttf"),
}
"""By the name under which the page asks for it: where it lies, and its type."""


def page_template() -> Template:
    """The page; what it is given is text, and escaped."""
    return Environment(
        loader=PackageLoader("templates", "wall"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("wall.html.j2")


def read_file(name: str) -> bytes:
    """One of `FILES`."""
    return files("templates").joinpath(FILES[name][0]).read_bytes()
