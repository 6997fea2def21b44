"""Articles told from other pages; walls and paywalls told from articles."""

from __future__ import annotations

import pytest

import articles
from articles import Article

TEXT = (
    "<p>The ferry was late again, and those who had waited at the pier were not amused. It had rained since noon.</p>"
    * 6
)
LINKS = "".join(f"<li><a href='/news/{n}'>A headline of some length about number {n}</a></li>" for n in range(40))


def read(html: str, url: str = "https://gazette.example/news/the-ferry-was-late-again") -> Article:
    return articles.extract(html.encode(), url)


def ld(kind: str, rest: str = "") -> str:
    return f'<script type="application/ld+json">{{"@type": "{kind}"{rest}}}</script>'


@pytest.mark.parametrize(
    "head",
    [
        ld("NewsArticle", ', "headline": "The ferry was late again", "datePublished": "2024-05-03T10:00:00Z"'),
        "<meta property='og:type' content='article'><meta property='article:published_time' content='2024-05-03'>",
        "",
    ],
)
def test_article(head: str) -> None:
    time = "<time datetime='2024-05-03'>3 May 2024</time>"
    article = read(f"<html><head>{head}</head><body><h1>The ferry was late again</h1>{time}{TEXT}</body></html>")
    assert (article.is_article, article.page_kind, article.access) == (True, "article", "free")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://gazette.example/", "home"),
        ("https://gazette.example/section/", "section"),
        ("https://gazette.example/tag/ferries/", "tag"),
        ("https://gazette.example/search?q=ferry", "search"),
    ],
)
def test_listings_are_no_articles(url: str, kind: str) -> None:
    article = read(f"<html><head><title>Gazette</title></head><body><h1>News</h1><ul>{LINKS}</ul></body></html>", url)
    assert (article.is_article, article.page_kind) == (False, kind)


@pytest.mark.parametrize(
    ("url", "page"),
    [
        (
            "https://shop.example/product/boots",
            ld("Product") + "<h1>Boots</h1><p>Warm boots for wet days.</p><button>Add to cart</button>",
        ),
        (
            "https://board.example/forum/threads/late-ferry.123/",
            "<h1>Late ferry?</h1>" + "<time>2024-05-03</time><p>Yes.</p>" * 9,
        ),
        (
            "https://firm.example/services/ferries",
            "<meta property='og:type' content='website'><h1>Ferries</h1><p>We rent.</p>",
        ),
    ],
)
def test_shops_and_boards_are_no_articles(url: str, page: str) -> None:
    assert not read(f"<html><body>{page}</body></html>", url).is_article


@pytest.mark.parametrize(
    "html",
    [
        "<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>",
        "<title>Gazette</title><div id='root'></div><script src='/app.js'></script>",
        "<title>Before you continue</title><p>We and our 90 partners use cookies.</p><button>Accept all</button>",
        "<title>Gazette</title><p>Wir und unsere Partner.</p><p>Alle akzeptieren / Alle ablehnen</p>",
        "<title>gazette</title><script src='/cdn-cgi/challenge-platform/x.js'></script><p>One second.</p>",
        "<title>Перевірка</title><p>Підтвердьте, що ви не робот</p><p>Увімкніть JavaScript</p>",
    ],
)
def test_walls(html: str) -> None:
    article = read(f"<html><head></head><body>{html}</body></html>")
    assert (article.is_article, article.page_kind, article.access) == (False, "wall", "wall")


def test_short_article_is_no_wall() -> None:
    page = "<h1>Ferry late</h1><time datetime='2024-05-03T10:00Z'>now</time><p>It is late.</p><script></script>"
    assert read(f"<html><body>{page}</body></html>").access == "free"


def test_article_about_cookies_is_no_wall() -> None:
    page = (
        "<h1>Why sites ask to accept all</h1><time>2024-05-03</time><p>Banners say accept all or reject all.</p>" + TEXT
    )
    assert read(f"<html><body>{page}</body></html>").access == "free"


@pytest.mark.parametrize("value", ["false", '"False"', '"http://schema.org/False"'])
def test_declared_paywall(value: str) -> None:
    head = ld("NewsArticle", f', "isAccessibleForFree": {value}')
    article = read(f"<html><head>{head}</head><body><h1>The ferry was late again</h1>{TEXT}</body></html>")
    assert article.access == "paywall"
    assert article.provenance["access"] == "json-ld"


def test_shown_paywall() -> None:
    page = f"<h1>The ferry was late again</h1>{TEXT}<div class='paywall'><p>Subscribe to continue reading</p></div>"
    assert read(f"<html><body>{page}</body></html>").access == "paywall"


@pytest.mark.parametrize(
    "body",
    [
        "<p>It works!</p>",
        "<h1>Database error</h1><p>Error establishing a database connection</p>",
        "<p>This account has been suspended.</p><a href='/'>Home</a>",
        "<p>该账户已被暂停。</p>",
    ],
)
def test_a_line_at_an_articles_address_is_no_article(body: str) -> None:
    url = "https://gazette.example/news/2024/05/03/1000017-the-ferry-was-late-again.html"
    assert read(f"<html><head><title>Gazette</title></head><body>{body}</body></html>", url).is_article is False


@pytest.mark.parametrize(
    "head",
    ["<meta property='og:type' content='article'>", ld("NewsArticle", ', "headline": "The ferry is late"')],
)
def test_a_line_that_says_it_is_an_article_is_one(head: str) -> None:
    page = (
        f"<html><head>{head}</head><body><h1>The ferry is late</h1><p>It came at noon, in the rain.</p></body></html>"
    )
    assert read(page, "https://gazette.example/news/1000017-the-ferry-is-late.html").is_article
