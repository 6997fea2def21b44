"""Trains the block classifier from labelled pages and writes articles/blocks.npz. See docs/reader.md.

    python -m venv train && train/bin/pip install -e . 'jax>=0.10,<0.11' 'optax>=0.2,<0.3'
    CORPORA=folder train/bin/python -m bench.train_blocks --votes votes.jsonl   # about four minutes on two cores

The pages come from `bench.label_blocks`; the votes, which are optional, from bench/peer_votes.py. Needs jax and
optax, which Pressmark itself does not. bench/crossval.py tells what the training is worth on other publishers' pages.
"""

from __future__ import annotations

import argparse
import collections
import os
import pickle
import sys
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from articles.classifier import NEAR
from articles.features import BITS
from bench.label_blocks import WHOLE, example, newspaper, pages, voted

jax.config.update("jax_default_prng_impl", "unsafe_rbg")  # dropout is half of the time with the default one
WIDTH, SAID = 24, 8  # of the hidden layers, and of what the blocks of a group tell each other
EPOCHS = 30
PEAK_RATE, WARM_UP, DECAY = 4e-3, 300, 0.05
DROP_INPUT, DROP_HINTS, DROP_HIDDEN = 0.3, 0.25, 0.3  # hints are dropped for a whole page: another publisher's classes
AVERAGED = 0.998  # of the weights' running mean, which is what is shipped
SIZES = (
    64,
    128,
    192,
    256,
    384,
    512,
    768,
    1024,
)  # pages are padded to one of these; what is beyond the last is left out
BATCH = 2048  # blocks
OPTIMIZER = optax.chain(optax.scale_by_adam(), optax.add_decayed_weights(DECAY))  # AdamW without its rate
Batch = tuple[Any, ...]
Weights = dict[str, Any]


def batches(rows: list[dict[str, Any]], rng: Any = None) -> Iterator[Batch]:
    """Batches of pages of about one length: the rows, features, labels, weights, mask, tokens, groups."""
    by_size = collections.defaultdict(list)
    for index in range(len(rows)) if rng is None else rng.permutation(len(rows)):
        count = min(len(rows[index]["y"]), SIZES[-1])
        by_size[next(size for size in SIZES if size >= count)].append(rows[index])
    found = []
    for size, same in by_size.items():
        step = max(1, BATCH // size)
        found += [_padded(same[start : start + step], size, step) for start in range(0, len(same), step)]
    if rng is not None:
        rng.shuffle(found)
    yield from found


def _padded(rows: list[dict[str, Any]], size: int, count: int) -> Batch:
    x = np.zeros((count, size, rows[0]["x"].shape[1]), np.float32)
    y, w, mask, tokens = (np.zeros((count, size), np.float32) for _ in range(4))
    groups = np.zeros((count, 4, size), np.int32)
    for place, row in enumerate(rows):
        cut = min(size, len(row["y"]))
        x[place, :cut], y[place, :cut], w[place, :cut] = row["x"][:cut], row["y"][:cut], row["w"][:cut]
        mask[place, :cut], tokens[place, :cut] = 1, row["n"][:cut]
        groups[place, :, :cut] = np.minimum(row["g"][:, :cut], size - 1)
    return rows, x, y, w, mask, tokens, groups


def fresh(key: Any, columns: int) -> Weights:
    """Weights to start from, under the names that articles.classifier reads."""
    shapes = {
        "w1": (columns, WIDTH),
        "w2": (WIDTH * (len(NEAR) + 2), WIDTH),
        "w3": (2 * WIDTH, SAID),
        "w4": (2 * WIDTH + 4 * SAID, WIDTH),
        "w5": (WIDTH, 1),
    }
    keys = jax.random.split(key, len(shapes))
    found = {}
    for (name, shape), each in zip(shapes.items(), keys, strict=True):
        found[name] = jax.random.normal(each, shape) * np.sqrt(2 / shape[0])
        found[name.replace("w", "b")] = jnp.zeros(shape[1])
    return found


def forward(w: Weights, x: Any, mask: Any, groups: Any, key: Any = None) -> Any:
    """The network of articles.classifier on padded pages; with a key, with dropout."""
    keys = [None] * 4 if key is None else list(jax.random.split(key, 4))
    x = _without_hints(_drop(x, keys[0], DROP_INPUT), keys[1])
    wide = mask[..., None]
    own = _drop(jax.nn.relu(x @ w["w1"] + w["b1"]) * wide, keys[2], DROP_HIDDEN)
    mean = own.sum(1, keepdims=True) / mask.sum(1)[:, None, None].clip(1)
    page = [jnp.broadcast_to(each, own.shape) for each in (mean, own.max(1, keepdims=True))]
    near = jax.nn.relu(jnp.concatenate([_shift(own, k) for k in NEAR] + page, -1) @ w["w2"] + w["b2"]) * wide
    both = jnp.concatenate([own, _drop(near, keys[3], DROP_HIDDEN)], -1)
    said = jax.nn.relu(both @ w["w3"] + w["b3"]) * wide
    pooled = [_pooled(said, groups[:, kind], mask) for kind in range(4)]
    last = jax.nn.relu(jnp.concatenate([both, *pooled], -1) @ w["w4"] + w["b4"])
    return (last @ w["w5"] + w["b5"])[..., 0]


def _drop(rows: Any, key: Any, share: float) -> Any:
    return rows if key is None else rows * jax.random.bernoulli(key, 1 - share, rows.shape) / (1 - share)


def _without_hints(x: Any, key: Any) -> Any:
    """Forget a page's hints now and then, so that the rest must do."""
    if key is None:
        return x
    start = x.shape[-1] - 2 * BITS
    keep = jax.random.bernoulli(key, 1 - DROP_HINTS, (x.shape[0], 1, 1))
    return jnp.concatenate([x[..., :start], x[..., start : start + BITS] * keep, x[..., start + BITS :]], -1)


def _shift(rows: Any, step: int) -> Any:
    if step == 0:
        return rows
    gap = jnp.zeros_like(rows[:, : abs(step)])
    return jnp.concatenate([rows[:, step:], gap] if step > 0 else [gap, rows[:, :step]], 1)


def _pooled(rows: Any, groups: Any, mask: Any) -> Any:
    """Each row replaced by the mean of its group on its page."""
    pages_count, size = mask.shape
    numbers = (groups + (jnp.arange(pages_count) * size)[:, None]).reshape(-1)
    sums = jax.ops.segment_sum(rows.reshape(pages_count * size, -1), numbers, pages_count * size)
    counts = jax.ops.segment_sum(mask.reshape(-1), numbers, pages_count * size)
    return (sums / counts[:, None].clip(1))[numbers].reshape(pages_count, size, -1)


def loss(w: Weights, batch: Batch, key: Any = None) -> Any:
    """Mean cross-entropy, each block by its weight."""
    x, y, weight, mask, _, groups = batch
    return (optax.sigmoid_binary_cross_entropy(forward(w, x, mask, groups, key), y) * weight).sum() / weight.sum()


def train(rows: list[dict[str, Any]], seed: int = 0) -> Weights:
    """The running mean of the weights over the training."""
    rng, key = np.random.default_rng(seed), jax.random.PRNGKey(seed)
    steps = EPOCHS * sum(1 for _ in batches(rows))
    rate = optax.warmup_cosine_decay_schedule(0, PEAK_RATE, min(WARM_UP, steps // 4), steps)
    weights = mean = fresh(key, rows[0]["x"].shape[1])
    state, count = OPTIMIZER.init(weights), 0
    for epoch in range(EPOCHS):
        values = []
        for _, *batch in batches(rows, rng):
            key, mine = jax.random.split(key)
            now = rate(count)
            count += 1
            kept = min(AVERAGED, count / (count + 20))
            weights, mean, state, value = _step(weights, mean, state, tuple(batch), mine, now, kept)
            values.append(value)
        print(f"epoch {epoch + 1}/{EPOCHS}: loss {np.mean(values):.4f}", file=sys.stderr, flush=True)
    return mean


@jax.jit
def _step(weights: Weights, mean: Weights, state: Any, batch: Batch, key: Any, rate: Any, kept: Any) -> Any:
    """One step of AdamW; compiled once for all folds."""
    value, slope = jax.value_and_grad(loss)(weights, batch, key)
    change, state = OPTIMIZER.update(slope, state, weights)
    weights = jax.tree.map(lambda a, b: a - rate * b, weights, change)
    return weights, jax.tree.map(lambda a, b: a * kept + b * (1 - kept), mean, weights), state, value


def save(weights: Weights, file: Path) -> None:
    """Write weights for `articles.classifier.load`."""
    np.savez_compressed(file, **{name: np.asarray(value, np.float16) for name, value in weights.items()})


def report(weights: Weights, rows: list[dict[str, Any]]) -> None:
    """Print, for each corpus, precision and recall of body tokens, or of snippets' blocks."""
    run = jax.jit(lambda x, mask, groups: forward(weights, x, mask, groups))
    found = collections.defaultdict(list)
    for same, x, y, weight, mask, tokens, groups in batches(rows):
        chosen = (np.asarray(run(x, mask, groups)) > 0) * mask * (weight > 0)
        for place, row in enumerate(same):
            size = tokens[place] if row["id"].split("/")[0] in (*WHOLE, "newspaper") else weight[place]
            hit, got, true = ((a * size).sum() for a in (chosen[place] * y[place], chosen[place], y[place]))
            found[row["id"].split("/")[0]].append((hit / got if got else 1.0, hit / true if true else 1.0))
    for corpus, values in sorted(found.items()):
        precision, recall = np.mean(values, axis=0)
        print(f"{corpus:12} precision {precision:.4f} recall {recall:.4f} n={len(values)}")


def examples(corpora: Path, votes: Path | None, cache: Path | None) -> list[dict[str, Any]]:
    """The labelled pages as arrays, from the cache where there is one."""
    if cache and cache.exists():
        return list(pickle.loads(cache.read_bytes()))
    sources = [pages(corpora), newspaper(), *([voted(corpora, votes)] if votes else [])]
    with Pool() as pool:
        rows = [row for source in sources for row in pool.imap(example, source, chunksize=8) if row]
    if cache:
        cache.write_bytes(pickle.dumps(rows))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--votes", type=Path, help="what bench/peer_votes.py wrote: more pages to learn from")
    parser.add_argument("--cache", type=Path, help="keep the examples in this file, or take them from it")
    parser.add_argument("--out", type=Path, default=Path("articles/blocks.npz"))
    args = parser.parse_args()
    folder = os.environ.get("CORPORA")
    if not folder:
        parser.error("say where the labelled pages are: CORPORA=folder")
    rows = examples(Path(folder), args.votes, args.cache)
    weights = train(rows)
    save(weights, args.out)
    report(weights, rows)


if __name__ == "__main__":
    main()
