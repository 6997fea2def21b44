"""news.online.ua, in English, Ukrainian and Russian."""

from __future__ import annotations

from articles.rules import Rules
from crawler.site import Site


class OnlineUa(Site):
    """ONLINE.UA: ids stand at the end of today's addresses and at the beginning of the older ones."""

    name = "online_ua"
    hosts = ("news.online.ua", "www.online.ua", "novyny.online.ua")
    sources = ("https://news.online.ua/rss/", "https://news.online.ua/", "https://news.online.ua/en/")
    # /en/some-words-885000/, /some-words-885000/, /ru/some-words-885000/ and, until it was renamed, /885000/some-words/
    article = r"^/(?:(?:en|ru|uk)/)?(?:[^/]+-)?(?P<id>\d{4,})/(?:[^/]+/)?$"
    rules = Rules(
        site="ONLINE.UA",
        title_suffix=" - ONLINE.UA",
        key_point_labels=frozenset({"points of attention", "головні тези", "главные тезисы"}),
        related_labels=frozenset({"more on the topic", "більше по темі", "больше по теме"}),
        card_labels={
            "category": "category",
            "категорія": "category",
            "категория": "category",
            "publication date": "date",
            "дата публікації": "date",
            "дата публикации": "date",
        },
        noise=frozenset({"додати до обраного"}),  # the button's text in every edition
    )
