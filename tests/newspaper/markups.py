"""The newspaper's markups: each renders any story. What a markup does not show is in its `lacks`."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from html import escape

from tests.newspaper import furniture as words
from tests.newspaper.stories import Block, Picture, Story, latin, load


@dataclasses.dataclass(frozen=True)
class Paper:
    """Where the newspaper is served, and which edition of its stories."""

    base: str = "https://courier.example"
    edition: int = 1

    def story(self, number: int) -> Story:
        return load()[number].edition(self.edition)

    def url(self, story: Story, page: int = 1) -> str:
        return self.base + story.path + (f"{page}/" if page > 1 else "")

    def picture(self, picture: Picture) -> str:
        return f"{self.base}/pictures/{picture.name}.png"

    def section(self, lang: str, name: str) -> str:
        return f"{self.base}/{lang}/{latin(name)}/"


@dataclasses.dataclass(frozen=True)
class Sheet:
    """One page to be rendered: a story's page in a paper."""

    paper: Paper
    story: Story
    page: int = 1

    @property
    def lang(self) -> str:
        return self.story.lang

    @property
    def url(self) -> str:
        return self.paper.url(self.story, self.page)

    @property
    def blocks(self) -> list[Block]:
        return self.story.pages[self.page - 1]

    @property
    def first(self) -> bool:
        return self.page == 1

    @property
    def last(self) -> bool:
        return self.page == len(self.story.pages)

    def day(self, date) -> str:
        return f"{date.day} {words.MONTHS[self.lang][date.month - 1]} {date.year}"

    def cards(self) -> list[tuple[Story, str | None, str | None]]:
        """The related cards: (story, category or None, day or None); some cards do not tell."""
        stories = [self.paper.story(number) for number in self.story.related]
        return [
            (
                story,
                story.category[-1] if (self.story.id + n) % 3 else None,
                story.published.date().isoformat() if (self.story.id + n) % 2 else None,
            )
            for n, story in enumerate(stories)
        ]


@dataclasses.dataclass(frozen=True)
class Markup:
    name: str
    render: Callable[[Sheet], str]
    lacks: frozenset[str] = frozenset()
    related: str = "cards"  # cards, links (neither category nor date), none
    instant: bool = True  # False: the date stands as text only, to the minute and without a zone
    kinds: frozenset[str] = frozenset({"article"})


def e(text: str) -> str:
    return escape(text, quote=True)


# --- what several markups share -------------------------------------------------------------------------------


def links(sheet: Sheet) -> str:
    """The head's links: canonical, feeds, the next page."""
    lang = sheet.lang
    feed = "/feed.xml" if lang == "en" else "/uk/atom.xml"
    kind = "rss" if lang == "en" else "atom"
    more = "" if sheet.last else f'<link rel="next" href="{sheet.paper.url(sheet.story, sheet.page + 1)}">'
    return (
        f'<link rel="canonical" href="{sheet.url}">{more}<link rel="amphtml" href="{sheet.paper.url(sheet.story)}amp/">'
        f'<link rel="alternate" type="application/{kind}+xml" href="{feed}" title="{e(words.NAME[lang])}">'
    )


def open_graph(sheet: Sheet) -> str:
    story = sheet.story
    rows = [
        ("og:type", "article"),
        ("og:site_name", words.NAME[sheet.lang]),
        ("og:title", story.title),
        ("og:description", story.lead),
        ("og:url", sheet.url),
        ("article:published_time", story.published.isoformat()),
    ]
    if story.modified:
        rows.append(("article:modified_time", story.modified.isoformat()))
    rows += [("article:tag", tag) for tag in story.tags]
    if story.picture:
        rows.append(("og:image", sheet.paper.picture(story.picture)))
    return "".join(f'<meta property="{name}" content="{e(value)}">' for name, value in rows)


def json_ld(sheet: Sheet) -> dict:
    story, paper = sheet.story, sheet.paper
    data = {
        "@context": "https://schema.org",
        "@type": {"live": "LiveBlogPosting", "gallery": "ImageGallery"}.get(story.kind, "NewsArticle"),
        "headline": story.title,
        "description": story.lead,
        "datePublished": story.published.isoformat(),
        "articleSection": story.category[-1],
        "keywords": list(story.tags),
        "inLanguage": story.lang,
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": words.NAME[story.lang]},
        "mainEntityOfPage": sheet.url,
    }
    if story.modified:
        data["dateModified"] = story.modified.isoformat()
    if story.picture:
        data["image"] = [paper.picture(story.picture)]
    if story.access == "paywall":
        data["isAccessibleForFree"] = False
    if story.kind == "live":
        data["liveBlogUpdate"] = [
            {"@type": "BlogPosting", "headline": u.heading, "datePublished": u.date.isoformat(), "articleBody": u.text}
            for u in story.updates
        ]
    return data


def breadcrumb_ld(sheet: Sheet) -> dict:
    names = [words.HOME[sheet.lang], *sheet.story.category]
    items = [
        {"@type": "ListItem", "position": n, "name": name, "item": crumb_url(sheet, name)}
        for n, name in enumerate(names, 1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def crumb_url(sheet: Sheet, name: str) -> str:
    return f"{sheet.paper.base}/{sheet.lang}/" + ("" if name == words.HOME[sheet.lang] else latin(name) + "/")


def script(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def title_tag(sheet: Sheet, dash: str = " – ") -> str:
    return f"<title>{e(sheet.story.title)}{dash}{e(words.NAME[sheet.lang])}</title>"


def sections(lang: str) -> list[str]:
    return sorted({story.category[0] for story in load().values() if story.lang == lang})


def menu(sheet: Sheet) -> str:
    entries = "".join(
        f'<li><a href="{sheet.paper.section(sheet.lang, name)}">{e(name)}</a></li>' for name in sections(sheet.lang)
    )
    return f'<nav class="menu"><ul><li><a href="/{sheet.lang}/">{words.HOME[sheet.lang]}</a></li>{entries}</ul></nav>'


def cookies(sheet: Sheet) -> str:
    buttons = "".join(f"<button>{label}</button>" for label in words.COOKIE_BUTTONS[sheet.lang])
    return f'<div class="cookie-banner" role="dialog"><p>{words.COOKIES[sheet.lang]}</p>{buttons}</div>'


def ticker(sheet: Sheet) -> str:
    lines = "".join(f'<li><a href="/{sheet.lang}/">{line}</a></li>' for line in words.TICKER[sheet.lang])
    return f'<div class="ticker"><strong>{words.TICKER_LABEL[sheet.lang]}</strong><ul>{lines}</ul></div>'


def newsletter(sheet: Sheet, tag: str = "aside") -> str:
    name, pitch, button = words.NEWSLETTER[sheet.lang]
    form = f'<form action="/letter"><input type="email" name="email"><button>{button}</button></form>'
    return f'<{tag} class="newsletter"><h3>{name}</h3><p>{pitch}</p>{form}</{tag}>'


def benefits(sheet: Sheet) -> str:
    title, lines = words.BENEFITS[sheet.lang]
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<div class="offer"><h3>{title}</h3><ul>{items}</ul><a href="/subscribe">6 / 30</a></div>'


def comments(sheet: Sheet) -> str:
    title, rows = words.COMMENTS[sheet.lang]
    items = "".join(f"<li><b>{name}</b><p>{text}</p></li>" for name, text in rows)
    return f'<section id="comments"><h2>{title}</h2><ol>{items}</ol><p>{words.COMMENT_FORM[sheet.lang]}</p></section>'


def most_read(sheet: Sheet) -> str:
    stories = [
        s for s in load().values() if s.lang == sheet.lang and s.id not in (*sheet.story.related, sheet.story.id)
    ]
    items = "".join(f'<li><a href="{sheet.paper.url(s)}">{e(s.title)}</a></li>' for s in stories[3:8])
    return f'<aside class="most-read"><h2>{words.MOST_READ[sheet.lang]}</h2><ol>{items}</ol></aside>'


def bio(sheet: Sheet) -> str:
    return f'<div class="author-bio"><p>{e(sheet.story.authors[0])} {words.BIO[sheet.lang]}</p></div>'


def share(sheet: Sheet) -> str:
    items = "".join(f'<li><a href="#">{label}</a></li>' for label in words.SHARE[sheet.lang])
    return f'<ul class="share">{items}</ul>'


def footer(sheet: Sheet) -> str:
    return (
        f'<footer><p>{words.COPYRIGHT[sheet.lang]}</p><a href="/about/">About</a> <a href="/login">Log in</a></footer>'
    )


def byline(sheet: Sheet) -> str:
    return words.BY[sheet.lang] + words.AND[sheet.lang].join(map(e, sheet.story.authors))


def paywall(sheet: Sheet) -> str:
    if sheet.story.access != "paywall":
        return ""
    title, offer, button = words.PAYWALL[sheet.lang]
    return f'<div class="paywall"><h3>{title}</h3><p>{offer}</p><a href="/login">{button}</a></div>'


def pager(sheet: Sheet) -> str:
    if sheet.last:
        return ""
    return f'<p class="pager"><a rel="next" href="{sheet.paper.url(sheet.story, sheet.page + 1)}">{words.NEXT[sheet.lang]}</a></p>'


def tags(sheet: Sheet) -> str:
    items = "".join(f'<li><a rel="tag" href="/{sheet.lang}/tag/{latin(t)}/">{e(t)}</a></li>' for t in sheet.story.tags)
    return f'<div class="tags"><b>{words.TOPICS[sheet.lang]}</b><ul>{items}</ul></div>'


def table(block: Block, attributes: str = "") -> str:
    head, *rows = block.cells
    cells = "".join(f"<th>{e(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{e(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table{attributes}><tr>{cells}</tr>{body}</table>"


def tweet(block: Block) -> str:
    who, _, text = block.lines[0].partition(": ")
    return f'<blockquote class="twitter-tweet"><p>{e(text)}</p>&mdash; {e(who)}</blockquote>'


def also(sheet: Sheet, block: Block, wrap: str = "<p><strong>{label}</strong> <a href='{url}'>{title}</a></p>") -> str:
    story = sheet.paper.story(int(block.lines[0]))
    return wrap.format(label=words.ALSO[sheet.lang], url=sheet.paper.url(story), title=e(story.title))


def text(sheet: Sheet, wraps: dict[str, str] | None = None) -> str:
    """The text's blocks; `wraps` gives the markup of p, h and quote where it is not the usual one."""
    usual = {"p": "<p>{}</p>", "h": "<h2>{}</h2>", "quote": "<blockquote><p>{}</p></blockquote>", **(wraps or {})}
    parts = []
    for block in sheet.blocks:
        if block.kind in ("p", "h", "quote"):
            parts.append(usual[block.kind].format(e(" ".join(block.lines))))
        elif block.kind == "list":
            parts.append("<ul>" + "".join(f"<li>{e(line)}</li>" for line in block.lines) + "</ul>")
        elif block.kind == "table":
            parts.append(table(block))
        elif block.kind == "tweet":
            parts.append(tweet(block))
        else:
            parts.append(also(sheet, block, usual["also"]) if "also" in usual else also(sheet, block))
    return "\n".join(parts)


def key_points(sheet: Sheet, heading: str = "h2", box: str = "section") -> str:
    """The key-points box in the story's own style."""
    story = sheet.story
    if not story.key_points or not sheet.first:
        return ""
    items = "".join(f"<li>{e(point)}</li>" for point in story.key_points)
    if story.box == "unlabelled":
        return f"<ul>{items}</ul>"
    if story.box == "first-item":
        return f"<{box}><ul><li><b>{e(story.label)}</b></li>{items}</ul></{box}>"
    if story.box == "tab":
        return (
            f'<div role="tablist"><button role="tab" aria-controls="t1">{words.FULL[sheet.lang]}</button>'
            f'<button role="tab" aria-controls="t2">{e(story.label)}</button></div>'
            f'<div role="tabpanel" id="t2"><ul>{items}</ul></div>'
        )
    return f"<{box}><{heading}>{e(story.label)}</{heading}><ul>{items}</ul></{box}>"


def figure(sheet: Sheet, picture: Picture) -> str:
    credit = words.PHOTO[sheet.lang] + picture.credit
    return (
        f'<figure><img src="{sheet.paper.picture(picture)}" width="960" height="540" alt="">'
        f'<figcaption>{e(picture.caption)} <span class="credit">{e(credit)}</span></figcaption></figure>'
    )


def updates(sheet: Sheet, tag: str = "article") -> str:
    return "".join(
        f'<{tag} class="update" id="u{n}"><time datetime="{u.date.isoformat()}">{u.date:%H:%M}</time>'
        f"<h3>{e(u.heading)}</h3><p>{e(u.text)}</p></{tag}>"
        for n, u in enumerate(sheet.story.updates)
    )


def times(sheet: Sheet) -> str:
    story = sheet.story
    shown = (
        f'<time datetime="{story.published.isoformat()}">{sheet.day(story.published)}, {story.published:%H:%M}</time>'
    )
    if story.modified:
        shown += (
            f' <span>{words.UPDATED[sheet.lang]} <time datetime="{story.modified.isoformat()}">'
            f"{sheet.day(story.modified)}, {story.modified:%H:%M}</time></span>"
        )
    return shown


# --- the markups ----------------------------------------------------------------------------------------------


def semantic(sheet: Sheet) -> str:
    """Clean HTML 5 with JSON-LD and Open Graph, as a careful newsroom serves it."""
    story = sheet.story
    crumbs = "".join(
        f'<li><a href="{crumb_url(sheet, name)}">{e(name)}</a></li>'
        for name in (words.HOME[sheet.lang], *story.category)
    )
    note = f'<p class="correction">{e(story.correction)}</p>' if sheet.paper.edition > 1 and story.correction else ""
    return f"""<!doctype html><html lang="{sheet.lang}"><head><meta charset="utf-8">{title_tag(sheet)}
{links(sheet)}{open_graph(sheet)}{script(json_ld(sheet))}{script(breadcrumb_ld(sheet))}</head>
<body>{cookies(sheet)}<header><a href="/"><img src="/logo.svg" alt="{words.NAME[sheet.lang]}"></a>{menu(sheet)}</header>
<main><nav aria-label="Breadcrumb"><ol>{crumbs}</ol></nav>
<article><header><h1>{e(story.title)}</h1><p class="standfirst">{e(story.lead)}</p>
<p class="byline">{byline(sheet)}</p>{times(sheet)}</header>{share(sheet)}
{key_points(sheet)}{figure(sheet, story.picture) if story.picture else ""}
{text(sheet)}{"".join(figure(sheet, p) for p in story.gallery)}{updates(sheet)}{paywall(sheet)}{note}{pager(sheet)}
{tags(sheet)}{bio(sheet)}</article>
{newsletter(sheet)}{related_cards(sheet)}{comments(sheet)}</main>
{most_read(sheet)}{footer(sheet)}</body></html>"""


def related_cards(sheet: Sheet) -> str:
    items = "".join(
        f'<li><a href="{sheet.paper.url(story)}"><h3>{e(story.title)}</h3></a>'
        + (f'<span class="category">{e(category)}</span>' if category else "")
        + (f'<time datetime="{day}">{sheet.day(story.published)}</time>' if day else "")
        + "</li>"
        for story, category, day in sheet.cards()
    )
    return f"<section><h2>{words.RELATED[sheet.lang]}</h2><ul>{items}</ul></section>"


def soup(sheet: Sheet) -> str:
    """Nothing but divs and meaningless classes; Open Graph is all that helps."""
    story = sheet.story
    trail = " / ".join(
        f'<a href="{crumb_url(sheet, name)}">{e(name)}</a>' for name in (words.HOME[sheet.lang], *story.category)
    )
    picture = ""
    if story.picture:
        picture = (
            f'<div class="d4"><img src="{sheet.paper.picture(story.picture)}" width="960" height="540">'
            f'<div class="d5">{e(story.picture.caption)} {words.PHOTO[sheet.lang]}{e(story.picture.credit)}</div></div>'
        )
    wraps = {
        "p": '<div class="x">{}</div>',
        "h": '<div class="x"><b>{}</b></div>',
        "quote": "<blockquote>{}</blockquote>",
        "also": '<div class="y"><a href="{url}">{label} {title}</a></div>',
    }
    gallery = "".join(figure(sheet, p) for p in story.gallery)
    return f"""<!DOCTYPE html><html lang="{sheet.lang}"><head><meta charset="utf-8">{title_tag(sheet, " | ")}
{links(sheet)}{open_graph(sheet)}</head><body><div class="a1"><div class="a2">{menu(sheet)}</div></div>
<div class="b"><div class="b1">{trail}</div><div class="c"><h1>{e(story.title)}</h1>
<div class="c2">{byline(sheet)} · {sheet.day(story.published)}, {story.published:%H:%M}</div><div class="c3">{e(story.lead)}</div>
{key_points(sheet, "div", "div")}{picture}
<div class="d">{text(sheet, wraps)}{gallery}{updates(sheet, "div")}</div>{paywall(sheet)}{pager(sheet)}{newsletter(sheet, "div")}
<div class="r">{soup_cards(sheet)}</div>{benefits(sheet)}</div><div class="s">{ticker(sheet)}{most_read(sheet)}</div></div>
{footer(sheet)}{cookies(sheet)}</body></html>"""


def soup_cards(sheet: Sheet) -> str:
    lang = sheet.lang
    rows = "".join(
        f'<div class="r2"><div><span>{words.CATEGORY[lang]}</span><span>{e(category or "-")}</span></div>'
        f"<div><span>{words.DATE[lang]}</span><span>{day or '-'}</span></div>"
        f'<a href="{sheet.paper.url(story)}">{e(story.title)}</a></div>'
        for story, category, day in sheet.cards()
    )
    return f'<div class="r1">{words.RELATED[lang]}</div>{rows}'


def breaks(sheet: Sheet) -> str:
    """A hand-made page of 2003: one container, lines parted by <br><br>, no metadata at all."""
    story, lang = sheet.story, sheet.lang
    parts = []
    for block in sheet.blocks:
        if block.kind == "h":
            parts.append(f"<b>{e(block.lines[0])}</b><br><br>")
        elif block.kind in ("p", "quote"):
            parts.append(e(" ".join(block.lines)) + "<br><br>")
        elif block.kind == "list":
            parts.append("<ul>" + "".join(f"<li>{e(line)}" for line in block.lines) + "</ul>")
        elif block.kind == "table":
            parts.append(table(block, ' border="1"'))
        elif block.kind == "tweet":
            parts.append(e(block.lines[0].partition(": ")[2]) + "<br><br>")
        else:
            parts.append(also(sheet, block, '<b>{label}</b> <a href="{url}">{title}</a><br><br>'))
    picture = ""
    if story.picture:
        credit = f"{words.PHOTO[lang]}{e(story.picture.credit)}"
        picture = f'<img src="{sheet.paper.picture(story.picture)}" width="480"><br><small>{e(story.picture.caption)} {credit}</small><br><br>'
    trail = " » ".join(
        f'<a href="{crumb_url(sheet, name)}">{e(name)}</a>' for name in (words.HOME[lang], *story.category)
    )
    related = "".join(f'• <a href="{sheet.paper.url(card)}">{e(card.title)}</a><br>' for card, _, _ in sheet.cards())
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">{title_tag(sheet, " - ")}</head>
<body bgcolor="#ffffff">{menu(sheet)}<hr>{trail}<hr><h1>{e(story.title)}</h1>
<i>{byline(sheet)}, {sheet.day(story.published)}, {story.published:%H:%M}</i><br><br><b>{e(story.lead)}</b><br><br>
{key_points(sheet, "b", "div")}{picture}<div>{"".join(parts)}</div>{paywall(sheet)}{pager(sheet)}
<hr><b>{words.RELATED[lang]}</b><br>{related}<hr><small>{words.COPYRIGHT[lang]}</small></body></html>"""


def tables(sheet: Sheet) -> str:
    """A table layout with font tags and a declared language that is wrong on half of the pages."""
    story, lang = sheet.story, sheet.lang
    wraps = {
        "p": '<p><font face="Georgia">{}</font></p>',
        "h": "<h4>{}</h4>",
        "also": '<p><b>{label}</b> <a href="{url}">{title}</a></p>',
    }
    picture = ""
    if story.picture:
        picture = (
            f'<table align="right" width="320"><tr><td><img src="{sheet.paper.picture(story.picture)}" width="320"></td></tr>'
            f'<tr><td class="caption"><i>{e(story.picture.caption)}</i> {words.PHOTO[lang]}{e(story.picture.credit)}</td></tr></table>'
        )
    related = "".join(f'<tr><td><a href="{sheet.paper.url(c)}">{e(c.title)}</a></td></tr>' for c, _, _ in sheet.cards())
    section = f'<a href="{crumb_url(sheet, story.category[-1])}">{e(story.category[-1])}</a>'
    return f"""<html lang="en"><head><meta http-equiv="Content-Type" content="text/html; charset={story.encoding}">{title_tag(sheet, " :: ")}
<meta name="description" content="{e(story.lead)}"></head><body><table width="100%"><tr><td colspan="3">{menu(sheet)}</td></tr><tr>
<td width="160" valign="top">{ticker(sheet)}</td><td valign="top"><h1><font color="navy">{e(story.title)}</font></h1>
<p><font size="1">{words.CATEGORY[lang]}: {section} | {words.PUBLISHED[lang]}: {story.published:%d.%m.%Y %H:%M} | {byline(sheet)}</font></p>
{picture}<p><b>{e(story.lead)}</b></p>{key_points(sheet, "b", "div")}{text(sheet, wraps)}{paywall(sheet)}{pager(sheet)}
<table><tr><th>{words.RELATED[lang]}</th></tr>{related}</table></td>
<td width="200" valign="top">{benefits(sheet)}{most_read(sheet)}</td></tr>
<tr><td colspan="3">{footer(sheet)}</td></tr></table></body></html>"""


def microdata(sheet: Sheet) -> str:
    """schema.org as microdata only: no JSON-LD, no Open Graph."""
    story, paper = sheet.story, sheet.paper
    people = words.AND[sheet.lang].join(
        f'<span itemprop="author" itemscope itemtype="https://schema.org/Person"><a href="/authors/"><span itemprop="name">{e(a)}</span></a></span>'
        for a in story.authors
    )
    crumbs = "".join(
        f'<span itemprop="itemListElement" itemscope itemtype="https://schema.org/ListItem"><a itemprop="item" href="{crumb_url(sheet, name)}">'
        f'<span itemprop="name">{e(name)}</span></a><meta itemprop="position" content="{n}"></span>'
        for n, name in enumerate((words.HOME[sheet.lang], *story.category), 1)
    )
    modified = f'<meta itemprop="dateModified" content="{story.modified.isoformat()}">' if story.modified else ""
    picture = ""
    if story.picture:
        picture = (
            f'<div class="lede-media"><img itemprop="image" src="{paper.picture(story.picture)}" width="960" height="540">'
            f'<p class="caption">{e(story.picture.caption)}</p><p class="credit">{words.PHOTO[sheet.lang]}{e(story.picture.credit)}</p></div>'
        )
    free = '<meta itemprop="isAccessibleForFree" content="False">' if story.access == "paywall" else ""
    return f"""<!doctype html><html lang="{sheet.lang}"><head><meta charset="utf-8">{title_tag(sheet)}
<link rel="canonical" href="{sheet.url}"></head><body>{menu(sheet)}
<div itemscope itemtype="https://schema.org/BreadcrumbList" class="path">{crumbs}</div>
<div itemscope itemtype="https://schema.org/NewsArticle" id="story">{free}<meta itemprop="articleSection" content="{e(story.category[-1])}">
<meta itemprop="inLanguage" content="{sheet.lang}"><meta itemprop="keywords" content="{e(", ".join(story.tags))}">
<h1 itemprop="headline">{e(story.title)}</h1><div class="meta">{words.BY[sheet.lang]}{people}
<time itemprop="datePublished" datetime="{story.published.isoformat()}">{sheet.day(story.published)}</time>{modified}
<span itemprop="publisher" itemscope itemtype="https://schema.org/Organization"><meta itemprop="name" content="{words.NAME[sheet.lang]}"></span></div>
<p itemprop="description"><strong>{e(story.lead)}</strong></p>{key_points(sheet, "h4", "div")}{picture}
<div itemprop="articleBody">{text(sheet, {"h": "<h3>{}</h3>"})}</div>{paywall(sheet)}{pager(sheet)}{share(sheet)}</div>
{related_cards(sheet)}{comments(sheet)}{most_read(sheet)}{footer(sheet)}{cookies(sheet)}</body></html>"""


def app(sheet: Sheet) -> str:
    """What a front-end framework leaves: hashed classes, JSON-LD in a @graph, boxes between the paragraphs."""
    story = sheet.story
    graph = {
        "@context": "https://schema.org",
        "@graph": [{"@type": "WebSite", "name": words.NAME[sheet.lang]}, json_ld(sheet), breadcrumb_ld(sheet)],
    }
    state = {
        "props": {
            "story": {"id": story.id, "title": story.title, "body": [line for b in sheet.blocks for line in b.lines]}
        }
    }
    hydration = json.dumps(state, ensure_ascii=False).replace("</", "<\\/")
    wraps = {"p": '<p class="css-1nx3k" data-block="text">{}</p>', "h": '<h3 class="css-9zq1p">{}</h3>'}
    parts = text(sheet, wraps).split("\n")
    middle = len(parts) // 2
    flow = "\n".join([*parts[:middle], newsletter(sheet, "div"), *parts[middle:]])
    picture = ""
    if story.picture:
        picture = (
            f'<figure class="css-77aa"><picture><source srcset="{sheet.paper.picture(story.picture)}?w=480 480w">'
            f'<img src="{sheet.paper.picture(story.picture)}" width="960" height="540"></picture>'
            f"<figcaption>{e(story.picture.caption)}<cite>{e(story.picture.credit)}</cite></figcaption></figure>"
        )
    return f"""<!doctype html><html lang="{sheet.lang}-{"GB" if sheet.lang == "en" else "UA"}"><head><meta charset="utf-8">{title_tag(sheet, " • ")}
{links(sheet)}<meta property="og:title" content="{e(story.title)}"><meta name="description" content="{e(story.lead)}">{script(graph)}</head>
<body><div id="root"><header class="css-0a">{menu(sheet)}{ticker(sheet)}</header><main class="css-1b"><div class="css-2c">
<a class="css-k" href="{crumb_url(sheet, story.category[-1])}">{e(story.category[-1])}</a><h1 class="css-h">{e(story.title)}</h1>
<h2 class="css-s">{e(story.lead)}</h2><div class="css-b">{byline(sheet)}<span> · {times(sheet)}</span></div>
{key_points(sheet, "h3", "aside")}{picture}{flow}{"".join(figure(sheet, p) for p in story.gallery)}{updates(sheet, "section")}
{paywall(sheet)}{pager(sheet)}{benefits(sheet)}</div><aside class="css-r">{related_cards(sheet)}</aside></main>{comments(sheet)}{footer(sheet)}</div>
<script id="__STATE__" type="application/json">{hydration}</script></body></html>"""


def ledger(sheet: Sheet) -> str:
    """Facts in a labelled list above the text, cards with labelled facts below."""
    story, lang = sheet.story, sheet.lang
    facts = (
        f"<ul class='facts'><li>{words.CATEGORY[lang]}</li><li>{e(story.category[-1])}</li>"
        f"<li>{words.DATE[lang]}</li><li>{story.published:%d.%m.%Y %H:%M}</li></ul>"
    )
    cards = "".join(
        f"<li><a href='{sheet.paper.url(card)}'>{e(card.title)}</a><dl><dt>{words.CATEGORY[lang]}</dt><dd>{e(category or '-')}</dd>"
        f"<dt>{words.DATE[lang]}</dt><dd>{day or '-'}</dd></dl></li>"
        for card, category, day in sheet.cards()
    )
    picture = figure(sheet, story.picture) if story.picture else ""
    # above a box, a bare first paragraph is told by its place alone
    lead = f"<p>{e(story.lead)}</p>" if story.key_points else f"<p class='lead'>{e(story.lead)}</p>"
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{title_tag(sheet, " - ")}{links(sheet)}</head><body>{menu(sheet)}
<main><article><h1>{e(story.title)}</h1>{facts}{lead}{key_points(sheet)}{picture}{text(sheet)}{paywall(sheet)}{pager(sheet)}
<p class="author">{byline(sheet)}</p></article><section><h2>{words.RELATED[lang]}</h2><ul>{cards}</ul></section></main>{footer(sheet)}</body></html>"""


def amp(sheet: Sheet) -> str:
    """The AMP twin of a page: its canonical link names the other."""
    story = sheet.story
    picture = ""
    if story.picture:
        picture = (
            f'<figure><amp-img src="{sheet.paper.picture(story.picture)}" width="960" height="540" layout="responsive"></amp-img>'
            f'<figcaption>{e(story.picture.caption)} <span class="credit">{words.PHOTO[sheet.lang]}{e(story.picture.credit)}</span></figcaption></figure>'
        )
    return f"""<!doctype html><html amp lang="{sheet.lang}"><head><meta charset="utf-8">{title_tag(sheet)}<link rel="canonical" href="{sheet.url}">
{script(json_ld(sheet))}<style amp-custom>h1{{font:2em serif}}</style></head><body><amp-consent><p>{words.COOKIES[sheet.lang]}</p></amp-consent>
<amp-sidebar>{menu(sheet)}</amp-sidebar><article><h1>{e(story.title)}</h1><p>{byline(sheet)}</p><p class="standfirst">{e(story.lead)}</p>
{key_points(sheet, "h4", "div")}{picture}<amp-ad type="adsense"></amp-ad>{text(sheet)}{paywall(sheet)}</article>{footer(sheet)}</body></html>"""


def print_view(sheet: Sheet) -> str:
    """The print twin: text and little else."""
    story, lang = sheet.story, sheet.lang
    updated = (
        f"<p>{words.UPDATED[lang]}: {sheet.day(story.modified)}, {story.modified:%H:%M}</p>" if story.modified else ""
    )
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{title_tag(sheet)}<link rel="canonical" href="{sheet.url}">
<meta name="robots" content="noindex"></head><body onload="window.print()"><p>{words.NAME[lang]}</p><h1>{e(story.title)}</h1>
<p>{byline(sheet)}</p><p>{words.PUBLISHED[lang]}: {sheet.day(story.published)}, {story.published:%H:%M}</p>{updated}<p><i>{e(story.lead)}</i></p>
{key_points(sheet, "h4", "div")}{text(sheet)}{paywall(sheet)}<hr><p>{words.COPYRIGHT[lang]}</p><p>{sheet.url}</p></body></html>"""


BARE = frozenset({"site", "canonical_url", "tags", "date_modified"})  # what pages without metadata cannot tell
EVERY = frozenset({"article", "live", "gallery"})
MARKUPS = {
    markup.name: markup
    for markup in (
        Markup("semantic", semantic, kinds=EVERY),
        Markup("soup", soup, kinds=EVERY),
        Markup("breaks", breaks, BARE, "links", instant=False),
        Markup("tables", tables, BARE | {"category_path"}, "links", instant=False),
        Markup("microdata", microdata),
        Markup("app", app, kinds=EVERY),
        Markup("ledger", ledger, BARE - {"canonical_url"} | {"category_path"}, instant=False),
        Markup("amp", amp, frozenset({"category_path"}), "none"),
        Markup(
            "print",
            print_view,
            BARE - {"canonical_url"} | {"category", "category_path", "images"},
            "none",
            instant=False,
        ),
    )
}
SERVED = ("semantic", "soup", "breaks", "tables", "microdata", "app", "ledger")


def served(story: Story) -> Markup:
    """The markup in which a story is served at its own address."""
    if story.encoding != "utf-8":
        return MARKUPS["tables"]
    choice = MARKUPS[SERVED[story.id % len(SERVED)]]
    return choice if story.kind in choice.kinds and not story.correct else MARKUPS["semantic"]
