"""Whom a bot trusts: this machine's authorities, each read when it is met, or httpx's own."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import certifi
import pytest

from publishing.telegram_bot import WHOLE_LIST, trusted
from tests.support.certificate import Certificate, self_signed


@dataclass(frozen=True, slots=True)
class Authorities:
    """A folder of a machine, as update-ca-certificates makes it, and one whom it vouches for."""

    folder: Path
    certificate: Certificate


@pytest.fixture
async def authorities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authorities:
    """This machine's own are others for the length of a test: many that nobody met, and one."""
    certificate, folder = await self_signed(tmp_path), tmp_path / "certs"
    folder.mkdir()
    (folder / f"{await certificate.subject_hash()}.0").write_bytes(certificate.file.read_bytes())
    for number in range(1, WHOLE_LIST):
        (folder / f"{number:08x}.0").touch()
    real = ssl.get_default_verify_paths()
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: real._replace(capath=str(folder)))
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return Authorities(folder, certificate)


@asynccontextmanager
async def secret_server(authorities: Authorities) -> AsyncIterator[int]:
    """Somebody who shows that certificate; gives the port."""
    shown = authorities.certificate.shown()
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=shown)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def greet(port: int, tls: ssl.SSLContext) -> None:
    """Come to an understanding with it, or not."""
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
    writer.close()


def httpxs_own() -> int:
    """How many there are in its list."""
    return len(ssl.create_default_context(cafile=certifi.where()).get_ca_certs())


async def test_an_authority_of_this_machine_is_read_when_it_is_first_met(authorities: Authorities) -> None:
    """And not before: a start waits for none of them."""
    tls = trusted()
    assert tls.get_ca_certs() == []
    async with secret_server(authorities) as port:
        await greet(port, tls)
    assert len(tls.get_ca_certs()) == 1
    assert tls.verify_mode is ssl.CERT_REQUIRED
    assert tls.check_hostname


async def test_whom_nobody_on_this_machine_vouches_for_is_refused(authorities: Authorities) -> None:
    """The folder is whole, and this one does not stand in it."""
    for found in authorities.folder.iterdir():
        if found.stat().st_size:
            found.rename(authorities.folder / "ffffffff.0")
    async with secret_server(authorities) as port:
        with pytest.raises(ssl.SSLCertVerificationError):
            await greet(port, trusted())


async def test_a_folder_with_a_few_authorities_is_no_list_and_httpxs_own_is_read(authorities: Authorities) -> None:
    """Debian without ca-certificates, beside one certificate of its own."""
    (authorities.folder / f"{1:08x}.0").unlink()
    assert len(trusted().get_ca_certs()) == httpxs_own()


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
async def test_whom_a_host_names_itself_is_whom_a_bot_trusts(
    authorities: Authorities, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As httpx reads it."""
    monkeypatch.setenv(name, str(authorities.certificate.file if name.endswith("FILE") else authorities.folder))
    async with secret_server(authorities) as port:
        await greet(port, trusted())


async def test_a_machine_that_keeps_no_folder_has_httpxs_own(
    authorities: Authorities, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own installer on a Mac, or an image with nothing in it."""
    real = ssl.get_default_verify_paths()
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: real._replace(capath=""))
    assert authorities.folder.is_dir()
    assert len(trusted().get_ca_certs()) == httpxs_own()


async def test_a_folder_that_may_not_be_read_is_no_list(
    authorities: Authorities, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker starts all the same."""

    def refused(_: Path) -> None:
        raise PermissionError(13, "Permission denied", str(authorities.folder))

    monkeypatch.setattr(Path, "iterdir", refused)
    assert len(trusted().get_ca_certs()) == httpxs_own()
