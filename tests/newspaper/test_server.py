"""The newspaper itself: complete, consistent, and served as a real site would."""

from __future__ import annotations

import gzip
import http.client
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from tests.newspaper.furniture import noise
from tests.newspaper.markups import MARKUPS, Paper, Sheet, served
from tests.newspaper.pictures import png
from tests.newspaper.server import Newspaper
from tests.newspaper.site import GONE, MOVED, answer
from tests.newspaper.stories import load

PAPER = Paper()
STORIES = list(load().values())


def get(newspaper: Newspaper, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", newspaper.server_port, timeout=10)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_there_are_enough_stories_of_every_sort() -> None:
    assert len(STORIES) >= 40
    assert {story.lang for story in STORIES} == {"en", "uk"}
    assert {story.kind for story in STORIES} == {"article", "live", "gallery"}
    assert {story.box for story in STORIES} >= {"labelled", "unlabelled", "tab", "first-item"}
    assert {kind for story in STORIES for page in story.pages for kind in (block.kind for block in page)} >= {
        "p", "h", "quote", "list", "table", "tweet", "also",
    }  # fmt: skip
    assert {served(story).name for story in STORIES} >= {"semantic", "soup", "breaks", "tables", "microdata", "app"}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_a_story_is_whole(story) -> None:
    assert all(load()[number].lang == story.lang for number in story.related)
    assert bool(story.box) == bool(story.key_points)
    assert bool(story.updates) == (story.kind == "live")
    assert story.modified is None or story.modified > story.published
    text = " ".join([story.text, story.lead, *story.key_points])
    assert not [line for line in noise(story.lang) if line in text]


def test_every_picture_is_a_png_of_its_own() -> None:
    names = {picture.name for story in STORIES for picture in (story.picture, *story.gallery) if picture}
    assert all(png(name).startswith(b"\x89PNG\r\n") for name in names)
    assert len({png(name) for name in names}) == len(names)


def test_every_story_stands_in_a_sitemap_and_on_a_section_page() -> None:
    index = ET.fromstring(answer("/sitemap.xml", PAPER).body)
    found: set[str] = set()
    for loc in index.findall(".//{*}loc"):
        body = answer((loc.text or "").removeprefix(PAPER.base), PAPER).body
        body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        found |= {node.text or "" for node in ET.fromstring(body).findall(".//{*}loc")}
    assert {PAPER.url(story) for story in STORIES} <= found
    linked: set[str] = set()
    for lang in ("en", "uk"):
        path = f"/{lang}/"
        while path:
            page = answer(path, PAPER).body.decode()
            linked |= set(re.findall(r'<h2><a href="([^"]+)"', page))
            path = next(iter(re.findall(r'rel="next" href="([^"]+)"', page)), "")
    assert {PAPER.url(story) for story in STORIES} == linked


@pytest.mark.parametrize(
    ("path", "tag"), [("/feed.xml", "item"), ("/uk/atom.xml", "{http://www.w3.org/2005/Atom}entry")]
)
def test_the_feeds_are_well_formed(path: str, tag: str) -> None:
    assert len(list(ET.fromstring(answer(path, PAPER).body).iter(tag))) == 15


def test_what_is_known_is_not_sent_again(newspaper: Newspaper) -> None:
    path = STORIES[0].path
    first, body = get(newspaper, path)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    assert (first.status, bool(body)) == (200, True)
    for known in ({"If_None_Match": tag}, {"If_Modified_Since": date}):
        again, nothing = get(newspaper, path, **known)
        assert (again.status, nothing) == (304, b"")
    other, _ = get(newspaper, path, If_None_Match='"other"', If_Modified_Since=date)
    assert other.status == 200


def test_pages_are_packed_for_who_can_unpack_them(newspaper: Newspaper) -> None:
    _, plain = get(newspaper, "/")
    response, packed = get(newspaper, "/", Accept_Encoding="gzip")
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
    response, _ = get(newspaper, "/sitemap-uk.xml.gz", Accept_Encoding="gzip")
    assert response.headers["Content-Encoding"] is None  # it is a gzip file, not a packed answer


def test_old_addresses_lead_on_and_withdrawn_ones_are_gone(newspaper: Newspaper) -> None:
    for path, number in MOVED.items():
        response, _ = get(newspaper, path)
        assert (response.status, response.headers["Location"]) == (301, newspaper.url + load()[number].path)
    assert {get(newspaper, path)[0].status for path in GONE} == {410}
    assert get(newspaper, "/en/city/nothing-of-the-kind-4711/")[0].status == 404


def test_a_corrected_edition_changes_one_page_and_its_tag(newspaper: Newspaper) -> None:
    before = {story.id: get(newspaper, story.path)[0].headers["ETag"] for story in STORIES}
    newspaper.edition = 2
    after = {story.id: get(newspaper, story.path)[0].headers["ETag"] for story in STORIES}
    assert {number for number in before if before[number] != after[number]} == {1014}


def test_an_old_page_is_sent_in_its_old_encoding(newspaper: Newspaper) -> None:
    story = next(story for story in STORIES if story.encoding == "windows-1251")
    response, body = get(newspaper, story.path)
    assert response.headers["Content-Type"] == "text/html"
    assert story.title in body.decode("windows-1251")


def test_twins_are_served_beside_their_story(newspaper: Newspaper) -> None:
    story = load()[1001]
    for twin in ("amp", "print"):
        response, body = get(newspaper, f"{story.path}{twin}/")
        assert response.status == 200
        assert f'rel="canonical" href="{newspaper.url}{story.path}"' in body.decode()


def test_every_markup_shows_every_story_s_title() -> None:
    for story in STORIES:
        for markup in MARKUPS.values():
            if story.kind in markup.kinds:
                assert f"{story.title.split(':')[0]}" in markup.render(Sheet(PAPER, story)), (markup.name, story.id)


def test_it_can_be_started_by_hand() -> None:
    command = [sys.executable, "-m", "tests.newspaper", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        port = int(address.rstrip("/").rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/robots.txt")
        assert f"Sitemap: http://127.0.0.1:{port}/sitemap.xml" in connection.getresponse().read().decode()
        process.terminate()
