"""Makes seeds/corpus.npz: the fingerprints of the seed corpus, without its texts.

    .venv/bin/python bench/seed_corpus.py [--shared ../shared] [--output seeds/corpus.npz]

A seed is fingerprinted as it lies there, with the tag lists and footers of its page: the share of the smaller text
decides, so they cost nothing when a clean copy comes in. Its id is the key of its file name. Without --output it only
says how far the seeds are from each other, and whether the shipped file agrees.
"""

from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path

from marsad.background import Background, dump_corpus, parse_background, parse_corpus
from marsad.identity import key_of
from marsad.novelty import judge_pair
from marsad.relations import Fingerprint
from marsad.sketches import fingerprint_of

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Fingerprint, report, and write the file where asked to."""
    parser = argparse.ArgumentParser(description="makes seeds/corpus.npz")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    paths = sorted(arguments.shared.glob("seeds/*.txt"))
    seeds = {path.name: fingerprint_of(path.read_text("utf-8")) for path in paths}
    if arguments.output:
        arguments.output.write_bytes(dump_corpus({key_of(name): seed for name, seed in seeds.items()}))
    for name, seed in seeds.items():
        print(f"{key_of(name)}  {name}  {seed.token_count} words, {len(seed.shingles)} shingles")
    background = parse_background((ROOT / "seeds/background.npz").read_bytes())
    print(f"nearest two of them: containment {nearest(list(seeds.values()), background):.3f}")
    shipped = {n.id: n.fingerprint.text_key for n in parse_corpus((ROOT / "seeds/corpus.npz").read_bytes())}
    agrees = shipped == {key_of(name): seed.text_key for name, seed in seeds.items()}
    print(f"the shipped file {'agrees' if agrees else 'DIFFERS'}")


def nearest(seeds: list[Fingerprint], background: Background) -> float:
    """Return the greatest containment among any two seeds."""
    return max(judge_pair(one, other, background)[1] for one, other in combinations(seeds, 2))


if __name__ == "__main__":
    main()
