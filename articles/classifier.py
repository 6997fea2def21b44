"""The classifier: how likely each block is the article's text, by a small network with shipped weights.

Three dense layers over the rows of `articles.features.look`: each block by itself, then with its neighbours and the
whole page, then with what the blocks of its groups say. bench/train_blocks.py trains it; docs/reader.md explains it.
"""

from __future__ import annotations

import functools
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import numpy as np

from articles.compiled import native
from articles.features import BITS, Look, declared_body, described, headline, look, unpacked

if TYPE_CHECKING:
    from articles.blocks import Block
    from articles.page import Page

NEAR = (-4, -2, -1, 0, 1, 2, 4)
ONE_THREAD = 250_000  # multiplications
WEIGHTS = "blocks.npz"


@functools.cache
def weights() -> dict[str, Any]:
    """The weights by the names that the training script gives: the shipped ones, unless `use` said otherwise."""
    return load(resources.files("articles").joinpath(WEIGHTS))


def load(file: Traversable) -> dict[str, Any]:
    """The weights in a file of bench/train_blocks.py."""
    with file.open("rb") as opened, np.load(opened) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def use(file: Traversable) -> None:
    """Judge by other weights than the shipped ones in this process from now on, as cross-validation does."""
    mine = weights()
    found = load(file)
    mine.clear()
    mine.update(found)
    _net.cache_clear()


@functools.cache
def _net() -> Any:
    return native.Net(weights())


def judge(page: Page, blocks: list[Block], compiled: bool = native is not None) -> tuple[list[int], list[int]]:
    """Give each block of a page its probability of being body text; find the headline on the way.

    Gives the number of each block's look and of its container, as in `articles.features.Look.groups`. What the compiled
    network says differs from the other's by its rounding, less than 0.0001.
    """
    if compiled:
        place = page.headline = headline(page, blocks)
        groups: tuple[list[int], list[int]] = _net().judge(blocks, place, described(page), declared_body(page))
        return groups
    seen = look(page, blocks)
    for block, probability in zip(blocks, probabilities(seen).tolist(), strict=True):
        block.probability = probability
    looks, holders = seen.groups[:2].tolist()
    return looks, holders


def probabilities(seen: Look) -> Any:
    """Probability of being body text for each block of a page, in page order."""
    w = weights()
    own = np.maximum(_first(seen, w["w1"]) + w["b1"], 0)
    page = np.concatenate((own.mean(axis=0), own.max(axis=0))) @ w["w2"][len(NEAR) * own.shape[1] :]
    near = _layer(_shifted(own), w["w2"][: len(NEAR) * own.shape[1]], page + w["b2"])
    both = np.concatenate((own, near), axis=1)
    said = _layer(both, w["w3"], w["b3"])
    last = _layer(np.concatenate((both, _pooled(said, seen.groups)), axis=1), w["w4"], w["b4"])
    return 1 / (1 + np.exp(-np.clip(last @ w["w5"] + w["b5"], -30, 30)[:, 0]))


def _first(seen: Look, weight: Any) -> Any:
    """The rows times the first layer's weights: those of bits are worked out once for each different row."""
    start = seen.numbers.shape[1]
    out = seen.numbers @ weight[:start]
    for kind, known in enumerate(seen.known):
        rows = unpacked(known).astype(np.float32)
        out += (rows @ weight[start + kind * BITS : start + (kind + 1) * BITS])[seen.places[:, kind]]
    return out


def _layer(rows: Any, weight: Any, bias: Any) -> Any:
    return np.maximum(_times(rows, weight) + bias, 0)


def _times(rows: Any, weight: Any) -> Any:
    """The matrix product, a few rows at a time: above this size BLAS starts threads, which cost more than they save."""
    step = max(1, ONE_THREAD // weight.size)
    if len(rows) <= step:
        return rows @ weight
    out = np.empty((len(rows), weight.shape[1]), np.float32)
    for start in range(0, len(rows), step):
        np.matmul(rows[start : start + step], weight, out=out[start : start + step])
    return out


def _pooled(rows: Any, groups: Any) -> Any:
    """Each row replaced by the means over the rows of its groups, beside each other."""
    kinds, total = groups.shape
    numbers = (groups + np.arange(0, kinds * total, total)[:, None]).ravel()
    order = np.argsort(numbers, kind="stable")
    count = np.bincount(numbers)
    starts = (np.cumsum(count) - count)[count > 0]
    means = np.zeros((len(count), rows.shape[1]), np.float32)
    means[count > 0] = np.add.reduceat(rows[order % total], starts) / count[count > 0, None]
    return means[numbers].reshape(kinds, total, -1).transpose(1, 0, 2).reshape(total, -1)


def _shifted(rows: Any) -> Any:
    """Each row beside its neighbours, zeros beyond the page's ends."""
    reach = max(NEAR)
    count, width = rows.shape
    padded = np.zeros((count + 2 * reach, width), np.float32)
    padded[reach : reach + count] = rows
    return np.concatenate([padded[reach + step : reach + step + count] for step in NEAR], axis=1)
