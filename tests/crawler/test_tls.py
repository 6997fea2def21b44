"""Secure connections: a host whose certificate is not good is not spoken to, and the report says what is wrong."""

from __future__ import annotations

import datetime
import ipaddress
import json
import os
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.fetch import fetch
from crawler.safety import FetchError
from tests.crawler.conftest import Crawler
from tests.crawler.web import Reply, Web

DAY = datetime.timedelta(days=1)


def certificate(folder: Path, days: int = 1, host: str = "127.0.0.1") -> Path:
    """A file with a key and a certificate that it signed itself, good from so many days ago for two days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "town paper")])
    start = datetime.datetime.now(datetime.UTC) - days * DAY
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + 2 * DAY)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "town.pem"
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, *form) + made.public_bytes(pem))
    return file


def context(file: Path) -> ssl.SSLContext:
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(file)
    return found


def test_a_certificate_that_nobody_vouches_for_is_told(crawl: Crawler, tmp_path: Path) -> None:
    with Web(context(certificate(tmp_path))) as town:
        town.articles(2)
        (tally,) = crawl(town.url)
        assert town.asked == []
    (trouble,) = tally.trouble
    assert trouble.endswith("the certificate is not good: self-signed certificate): nothing may be fetched")


def test_a_robots_txt_that_leads_to_such_a_host_is_told_with_it(crawl: Crawler, tmp_path: Path, web: Web) -> None:
    with Web(context(certificate(tmp_path))) as town:
        web.articles(2)
        web.pages["/robots.txt"] = Reply(b"", 301, headers=(("Location", f"{town.url}/robots.txt"),))
        (tally,) = crawl(web.url)
        assert web.paths() == ["/robots.txt"]
    (trouble,) = tally.trouble
    host = town.url.removeprefix("https://")
    assert f"by {host}, where it leads: the certificate is not good: self-signed certificate" in trouble


def test_a_fetch_says_what_is_wrong(tmp_path: Path) -> None:
    with Web(context(certificate(tmp_path))) as town, pytest.raises(FetchError) as told:
        fetch(f"{town.url}/", allow_private=True)
    assert str(told.value) == "tls: the certificate is not good: self-signed certificate"


@pytest.mark.parametrize(
    ("days", "host", "wrong"),
    [
        (1, "127.0.0.1", None),
        (9, "127.0.0.1", "certificate has expired"),
        (-3, "127.0.0.1", "certificate is not yet valid"),
        (1, "127.0.0.2", "IP address mismatch, certificate is not valid for '127.0.0.1'"),
    ],
)
def test_a_certificate_of_ones_own_authority(tmp_path: Path, days: int, host: str, wrong: str | None) -> None:
    file = certificate(tmp_path, days, host)
    with Web(context(file)) as town:
        town.articles(2)
        command = [sys.executable, "-c", "from crawler.cli import main; main()", "crawl", town.url, "--allow-private"]
        command += ["--db", str(tmp_path / "news.db"), "--delay", "0", "--json"]
        env = os.environ | {"SSL_CERT_FILE": str(file)}
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    report = json.loads(done.stdout)
    assert done.returncode == (0 if wrong is None else 1)
    assert report["total"]["fetched"] == (2 if wrong is None else 0)
    (site,) = report["sites"]
    assert [wrong is not None and wrong in trouble for trouble in site["trouble"]] == ([] if wrong is None else [True])
