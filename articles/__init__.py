"""Reading of an article page: `extract(html, url) -> Article`. Pure: no network, no SQL, no Scrapy, no clock."""

from articles.reader import extract
from articles.record import Article, Image, LiveUpdate, Problem, RelatedLink, Section
from articles.rules import Rules

__all__ = ["Article", "Image", "LiveUpdate", "Problem", "RelatedLink", "Rules", "Section", "extract"]
