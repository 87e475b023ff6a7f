"""Press: the templates there are, the house's own and those of a newsroom's folder, and what each is for.

A template's name says which posts it sets: `breaking.telegram.html.j2` breaking stories on Telegram,
`breaking.telegram.@alwasat_sport.html.j2` those of that channel alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsroom.delivery import Lane
from newsroom.errors import TemplateBroken
from newsroom.target import Network, Target

_ENDINGS = {Network.TELEGRAM: "html.j2", Network.X: "txt.j2"}
_NAME = re.compile(
    rf"(?P<lane>{'|'.join(Lane)})\.(?P<network>{'|'.join(Network)})"
    r"(?:\.(?P<address>@\w+|-?\d+|[A-Za-z][\w-]*))?\.(?P<ending>html\.j2|txt\.j2)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Form:
    """Which posts one template sets."""

    lane: Lane
    network: Network
    address: str = ""
    """The one channel or account it is for, in small letters (Telegram's names know no others); empty for all."""

    def of(self, target: Target) -> "Form":
        """The same for one target alone."""
        return Form(self.lane, self.network, target.address.lower())


def press_of(folder: Path | None) -> jinja2.Environment:
    """Jinja as strict as it can be, over the house's own templates and the newsroom's folder before them.

    Raises:
        TemplateBroken: the folder does not exist.
    """
    loaders: list[jinja2.BaseLoader] = [jinja2.PackageLoader("templates", "")]
    if folder is not None:
        if not folder.is_dir():
            raise TemplateBroken(f"{folder}: there is no such folder of templates")
        loaders.insert(0, jinja2.FileSystemLoader(folder))
    return ImmutableSandboxedEnvironment(
        loader=jinja2.ChoiceLoader(loaders),
        undefined=jinja2.StrictUndefined,
        autoescape=lambda name: name is not None and ".html." in name,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def files_by_form(folder: Path | None) -> dict[Form, str]:
    """The name of every template there is: one for each lane and network, and the newsroom's own for single targets.

    Raises:
        TemplateBroken: the folder holds a template under a name that nothing asks for, or two for one target.
    """
    files = {Form(lane, network): f"{lane}.{network}.{ending}" for lane in Lane for network, ending in _ENDINGS.items()}
    own: dict[Form, str] = {}
    for file in sorted(folder.glob("*.j2")) if folder else ():
        form = _form_of(file.name)
        if form is None:
            raise TemplateBroken(
                f"{file}:1: no post asks for this name; the names are {', '.join(files.values())}, "
                "for one channel alone breaking.telegram.@channel.html.j2"
            )
        if form in own:
            raise TemplateBroken(f"{file}:1: {own[form]} is for the same channel; keep one of the two")
        own[form] = file.name
    return files | own


def unasked(folder: Path | None, targets: tuple[Target, ...]) -> Iterator[str]:
    """Names of templates in the folder that are for a channel or account which is none of the targets."""
    wanted = {(target.network, target.address.lower()) for target in targets}
    for file in sorted(folder.glob("*.j2")) if folder else ():
        form = _form_of(file.name)
        if form and form.address and (form.network, form.address) not in wanted:
            yield file.name


def _form_of(name: str) -> Form | None:
    parts = _NAME.fullmatch(name)
    if parts is None or parts["ending"] != _ENDINGS[Network(parts["network"])]:
        return None
    return Form(Lane(parts["lane"]), Network(parts["network"]), (parts["address"] or "").lower())
