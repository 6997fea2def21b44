"""What the newspaper answers: a pure function of path and edition."""

from __future__ import annotations

import dataclasses
import gzip
import re
from collections.abc import Callable
from datetime import UTC
from email.utils import format_datetime
from html import escape

from tests.newspaper import furniture as words
from tests.newspaper import pictures
from tests.newspaper.markups import MARKUPS, Paper, Sheet, sections, served
from tests.newspaper.stories import Story, latin, load

HTML = "text/html; charset=utf-8"
XML = "application/xml"
PER_PAGE = 8

MOVED = {"/2019/ferry.html": 1001, "/en/city/night-ferry-1001/": 1001, "/uk/porom": 2001}
GONE = ("/en/city/the-zoo-that-never-was-1099/", "/uk/misto/zoopark-iakoho-ne-bulo-2099/")
WALL = "/en/culture/members-only-1098/"
SHELL = "/en/business/the-market-live-1097/"
CAPTCHA = "/en/city/are-you-a-person-1095/"
VIDEO = "/en/sport/video-the-last-throw-1096/"


@dataclasses.dataclass(frozen=True)
class Answer:
    body: bytes = b""
    kind: str = HTML
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


def answer(path: str, paper: Paper) -> Answer:
    """The answer to a request for a path, without its query."""
    fixed = PAGES.get(path)
    if fixed:
        return fixed(paper)
    if path in MOVED:
        return Answer(status=301, headers=(("Location", paper.url(paper.story(MOVED[path]))),))
    if path in GONE:
        return page("Gone", "<h1>410</h1><p>This article has been withdrawn.</p>", status=410)
    return (
        story_page(path, paper)
        or picture(path)
        or listing(path, paper)
        or page("Not found", "<h1>404</h1>", status=404)
    )


def page(title: str, body: str, lang: str = "en", head: str = "", status: int = 200) -> Answer:
    html = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} – {words.NAME[lang]}</title>{head}'
        f"</head><body>{body}<footer><p>{words.COPYRIGHT[lang]}</p></footer></body></html>"
    )
    return Answer(html.encode(), status=status)


# --- stories --------------------------------------------------------------------------------------------------


def story_page(path: str, paper: Paper) -> Answer | None:
    found = re.fullmatch(r"(/(?:en|uk)/[a-z-]+/[a-z0-9-]+-(\d+)/)(?:(amp|print|\d+)/)?", path)
    story = load().get(int(found[2])) if found else None
    if not found or not story or found[1] != story.path:
        return None
    story, variant = story.edition(paper.edition), found[3] or "1"
    markup = MARKUPS.get(variant, served(story)) if not variant.isdigit() else served(story)
    number = int(variant) if variant.isdigit() else 1
    if not 1 <= number <= len(story.pages) or story.kind not in markup.kinds:
        return None
    html = markup.render(Sheet(paper, story, number))
    changed = format_datetime((story.modified or story.published).astimezone(UTC), usegmt=True)
    kind = HTML if story.encoding == "utf-8" else "text/html"
    return Answer(html.encode(story.encoding, "xmlcharrefreplace"), kind, headers=(("Last-Modified", changed),))


def picture(path: str) -> Answer | None:
    found = re.fullmatch(r"/pictures/([a-z]+)\.png", path)
    return Answer(pictures.png(found[1]), "image/png") if found else None


# --- listings -------------------------------------------------------------------------------------------------


def of(lang: str) -> list[Story]:
    return [story for story in load().values() if story.lang == lang]


def listing(path: str, paper: Paper) -> Answer | None:
    found = re.fullmatch(r"/(en|uk)/(?:(tag/)?([a-z][a-z0-9-]*)/)?(?:(\d+)/)?", path)
    if not found:
        return None
    lang, tag, name, number = found[1], found[2], found[3], int(found[4] or 1)
    stories = [s for s in of(lang) if not name or name in map(latin, s.tags if tag else s.category)]
    shown = stories[(number - 1) * PER_PAGE : number * PER_PAGE]
    if not shown:
        return None
    more = (
        f'<a rel="next" href="{path_of(lang, tag, name)}{number + 1}/">→</a>'
        if number * PER_PAGE < len(stories)
        else ""
    )
    return page(words.NAME[lang], front(lang, paper) + cards(shown, paper) + more, lang, FEEDS[lang])


def path_of(lang: str, tag: str | None, name: str | None) -> str:
    return f"/{lang}/{tag or ''}" + (f"{name}/" if name else "")


def front(lang: str, paper: Paper) -> str:
    entries = "".join(f'<li><a href="{paper.section(lang, name)}">{escape(name)}</a></li>' for name in sections(lang))
    other = {"en": '<a href="/uk/">Українською</a>', "uk": '<a href="/en/">English</a>'}[lang]
    return f'<header><a href="/"><img src="/logo.svg" alt=""></a><nav><ul>{entries}</ul></nav>{other}</header>'


def cards(stories: list[Story], paper: Paper) -> str:
    return "".join(
        f'<article class="card"><h2><a href="{paper.url(story)}">{escape(story.title)}</a></h2><p>{escape(story.lead)}</p>'
        f'<time datetime="{story.published.isoformat()}">{story.published:%d.%m.%Y}</time></article>'
        for story in stories
    )


FEEDS = {
    "en": '<link rel="alternate" type="application/rss+xml" href="/feed.xml">',
    "uk": '<link rel="alternate" type="application/atom+xml" href="/uk/atom.xml">',
}


def home(paper: Paper) -> Answer:
    body = front("en", paper) + cards(of("en")[:12], paper) + '<h2><a href="/uk/">Українською</a></h2>'
    first = of("en")[0]  # one article under three addresses, as sites have it
    twins = f'<p><a href="{first.path}amp/">AMP</a> <a href="{first.path}#comments">{escape(first.title)}</a></p>'
    return page("Home", body + cards(of("uk")[:6], paper) + twins, head="".join(FEEDS.values()))


# --- sources --------------------------------------------------------------------------------------------------


def robots(paper: Paper) -> Answer:
    text = (
        f"User-agent: *\nDisallow: /login\nDisallow: /search\nDisallow: /drafts/\n\nSitemap: {paper.base}/sitemap.xml\n"
    )
    return Answer(text.encode(), "text/plain")


def sitemap_index(paper: Paper) -> Answer:
    names = ("sitemap-news.xml", "sitemap-en.xml", "sitemap-uk.xml.gz")
    rows = "".join(f"<sitemap><loc>{paper.base}/{name}</loc></sitemap>" for name in names)
    return Answer(f'{XML_HEAD}<sitemapindex xmlns="{SITEMAP}">{rows}</sitemapindex>'.encode(), XML)


XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def urlset(stories: list[Story], paper: Paper, news: bool = False, extra: tuple[str, ...] = ()) -> bytes:
    rows = "".join(
        f"<url><loc>{paper.url(s)}</loc><lastmod>{(s.modified or s.published).isoformat()}</lastmod>"
        f"{news_tag(s) if news else ''}</url>"
        for s in (story.edition(paper.edition) for story in stories)
    )
    rows += "".join(f"<url><loc>{paper.base}{path}</loc></url>" for path in extra)
    return f'{XML_HEAD}<urlset xmlns="{SITEMAP}" xmlns:news="{NEWS}">{rows}</urlset>'.encode()


def news_tag(story: Story) -> str:
    return (
        f"<news:news><news:publication><news:name>{words.NAME[story.lang]}</news:name>"
        f"<news:language>{story.lang}</news:language></news:publication>"
        f"<news:publication_date>{story.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(story.title)}</news:title></news:news>"
    )


def rss(paper: Paper) -> Answer:
    items = "".join(
        f"<item><title>{escape(s.title)}</title><link>{paper.url(s)}?utm_source=rss&amp;utm_medium=feed</link><guid>{paper.url(s)}</guid>"
        f"<description>{escape(s.lead)}</description>{''.join(f'<category>{escape(c)}</category>' for c in s.category)}"
        f"<pubDate>{format_datetime(s.published)}</pubDate></item>"
        for s in of("en")[:15]
    )
    channel = f"<title>{words.NAME['en']}</title><link>{paper.base}/</link><description>News from Veslyn</description>"
    return Answer(
        f'{XML_HEAD}<rss version="2.0"><channel>{channel}{items}</channel></rss>'.encode(), "application/rss+xml"
    )


def atom(paper: Paper) -> Answer:
    entries = "".join(
        f'<entry><id>{paper.url(s)}</id><title>{escape(s.title)}</title><link href="{paper.url(s)}"/>'
        f"<published>{s.published.isoformat()}</published><updated>{(s.modified or s.published).isoformat()}</updated>"
        f"<summary>{escape(s.lead)}</summary></entry>"
        for s in of("uk")[:15]
    )
    head = f"<id>{paper.base}/uk/</id><title>{words.NAME['uk']}</title><updated>{of('uk')[0].published.isoformat()}</updated>"
    feed = f'{XML_HEAD}<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'
    return Answer(feed.encode(), "application/atom+xml")


# --- pages that are no articles -------------------------------------------------------------------------------


def about(_: Paper) -> Answer:
    text = "<h1>About us</h1><p>The Veslyn Courier is made up. It exists so that a crawler has something to read.</p>"
    return page("About us", text)


def wall(_: Paper) -> Answer:
    return page("Before you continue", f"<div><p>{words.WALL['en']}</p><button>Accept all</button></div>")


def captcha(_: Paper) -> Answer:
    body = '<h1>Verify you are human</h1><p>Please complete the check below to go on.</p><div class="h-captcha"></div>'
    return page("Verify you are human", body)


def shell(_: Paper) -> Answer:
    return Answer(
        b'<!doctype html><html lang="en"><head><title>Loading</title></head><body><div id="root"></div>'
        b"<noscript>You need to enable JavaScript to run this app.</noscript><script src='/app.js'></script></body></html>"
    )


def video(_: Paper) -> Answer:
    head = '<meta property="og:type" content="video.other">'
    body = '<h1>Video: the last throw</h1><video controls src="/throw.mp4"></video><p>0:42</p>'
    return page("Video: the last throw", body, head=head)


def gazette(paper: Paper) -> Answer:
    """The Ukrainian sitemap, gzipped as a file; it also names a page that is gone."""
    return Answer(gzip.compress(urlset(of("uk"), paper, extra=GONE[1:]), mtime=0), "application/gzip")


PAGES: dict[str, Callable[[Paper], Answer]] = {
    "/": home,
    "/robots.txt": robots,
    "/sitemap.xml": sitemap_index,
    "/sitemap-news.xml": lambda paper: Answer(urlset(list(load().values())[:10], paper, news=True), XML),
    "/sitemap-en.xml": lambda paper: Answer(urlset(of("en"), paper, extra=(GONE[0], WALL, CAPTCHA, SHELL, VIDEO)), XML),
    "/sitemap-uk.xml.gz": gazette,
    "/feed.xml": rss,
    "/uk/atom.xml": atom,
    "/about/": about,
    "/logo.svg": lambda _: Answer(pictures.LOGO, "image/svg+xml"),
    WALL: wall,
    SHELL: shell,
    CAPTCHA: captcha,
    VIDEO: video,
}
