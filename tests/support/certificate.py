"""A certificate that nobody vouches for, made by openssl, for a server on 127.0.0.1."""

import asyncio
import shutil
import ssl
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Certificate:
    """Its own authority."""

    file: Path
    key: Path

    def shown(self) -> ssl.SSLContext:
        """For the server that shows it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context

    async def subject_hash(self) -> str:
        """By which OpenSSL looks for it in a folder of authorities."""
        return (await _openssl(f"x509 -in {self.file} -noout -subject_hash")).strip()


async def self_signed(folder: Path) -> Certificate:
    """Made in a folder; a test on a machine without openssl skips aloud."""
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    asked = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=127.0.0.1"
    await _openssl(f"{asked} -keyout {made.key} -out {made.file} -addext subjectAltName=IP:127.0.0.1")
    return made


async def _openssl(words: str) -> str:
    binary = shutil.which("openssl")
    if binary is None:
        pytest.skip("SKIPPED ALOUD: no openssl on this machine to make a certificate with")
    asked = await asyncio.create_subprocess_exec(binary, *words.split(), stdout=PIPE, stderr=DEVNULL)
    said, _ = await asked.communicate()
    return said.decode()
