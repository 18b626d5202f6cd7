"""Trains seeds/names.json, the model that sees people no list names, on ANERcorp's train split.

    .venv/bin/python bench/names.py [--shared ../shared]   measures on the last 15 % of the split
    .venv/bin/python bench/names.py --write                then trains on all of it and writes the model

The split has a word and its label a line (camel.abudhabi.nyu.edu/anercorp). ANERcorp is the work of Yassine Benajiba,
its splits that of the CAMeL Lab, CC BY-SA 4.0; what is trained on it, seeds/names.json, is under the same licence.
Common nouns, with which no name begins, are counted in news: words that bear the article in enough articles and stand
in nobody's name. Training needs python-crfsuite (dev group); the tagger reads the table it writes without it.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import itertools
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import pycrfsuite

from marsad.arabic import fold
from marsad.cues import Cues, parse_cues
from marsad.sequences import LABELS, Token, features_of, hash_of, token_of
from marsad.topic import read_table

ROOT = Path(__file__).parent.parent
TYPES = {"PERS": "PER", "PER": "PER", "LOC": "LOC", "ORG": "ORG"}
SETTINGS = {"c1": 1.0, "c2": 1e-3, "max_iterations": 120, "feature.possible_transitions": True, "feature.minfreq": 2}
LEAST_WEIGHT = 0.02  #: smaller weights decide nothing
HELD_OUT_SHARE = 0.15
PAUSES = re.compile(r"[،,.:؛\n«»\"()]")
ARTICLES = ("ال", "وال", "بال", "لل", "فال", "كال")
#: Dr, engineer, colonel, general, sheikh, prince, deputy, professor, writer, brigadier, major, minister, player, coach
TITLES = frozenset(
    fold(
        "الدكتور الدكتورة المهندس العقيد اللواء الشيخ الأمير النائب الأستاذ الكاتب السيد العميد المحامي الرائد "
        "القائد النقيب الوزير اللاعب المدرب الشاعر الفنان السفير الحكم الزميل"
    ).split()
)
DEFINITE_COUNT = 5  #: articles that use the word with the article
TITLED_COUNT, TITLED_SHARE = 3, 0.02  #: behind a title: then it is a name too
SIGNED_RATIO = 2  #: a writer's name is common all the same where the article stands twice as often as not
FORBIDDEN = -9.0  #: of a move the model never saw

Labelled = tuple[list[Token], list[str]]  #: words and labels of a sentence


def main() -> None:
    """Measure, then write the model."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    sentences = list(read_sentences(chosen.shared / "data/anercorp/ANERCorp_CamelLab_train.txt"))
    cut = int(len(sentences) * (1 - HELD_OUT_SHARE))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "names.crf"
        measure(train(sentences[:cut], file), sentences[cut:])
        if chosen.write:
            pairs = (pair for tokens, labels in sentences for pair in zip(tokens, labels, strict=True))
            people = {token.text for token, label in pairs if label[2:] == "PER"}
            common = common_nouns(chosen.shared / "data/news/saudinewsnet-10k.jsonl.gz", people)
            write(train(sentences, file), common, ROOT / "seeds" / "names.json")


def common_nouns(file: Path, people: AbstractSet[str]) -> list[str]:
    """Return words that news uses as common nouns: with the article in some articles, seldom behind a title."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    uses: Counter[str] = Counter()
    titled: Counter[str] = Counter()
    for article in articles:
        words: set[str] = set()
        for part in PAUSES.split(f"{article['title']}\n{article['content']}"):
            parts = fold(part).split()
            words.update(parts)
            titled.update(b for a, b in itertools.pairwise(parts) if a in TITLES)
        uses.update(words)
    signed = {word for article in articles for word in fold(str(article["author"])).split()}
    definite = Counter[str]()
    for word, count in uses.items():
        for article_of in ARTICLES:
            if word.startswith(article_of):
                definite[word.removeprefix(article_of)] += count
    names = people | {w for w in definite if titled[w] >= max(TITLED_COUNT, TITLED_SHARE * uses[w])}
    names |= {word for word in signed if definite[word] < SIGNED_RATIO * uses[word]}
    return sorted(w for w, c in definite.items() if c >= DEFINITE_COUNT and uses[w] and len(w) > 2 and w not in names)


def read_sentences(file: Path) -> Iterator[Labelled]:
    """Yield the sentences of a split as the tagger would read them: folded, punctuation taken off."""
    stance = ROOT / "seeds" / "stance.toml"
    cues = parse_cues(read_table(stance.read_text("utf-8"), str(stance)), str(stance))
    rows: list[tuple[str, str]] = []
    for line in file.read_text("utf-8").splitlines():
        word, _, label = line.rpartition(" ")
        if word:
            rows.append((word, label))
        if rows and (not word or word == "."):
            yield tokens_of(rows, cues)
            rows = []
    if rows:
        yield tokens_of(rows, cues)


def tokens_of(rows: Sequence[tuple[str, str]], cues: Cues) -> Labelled:
    """Return words and labels of one sentence."""
    tokens: list[Token] = []
    labels: list[str] = []
    is_cut = True
    for word, label in rows:
        kind, parts = TYPES.get(label[2:]), fold(word).split()
        if not any(letter.isalnum() for part in parts for letter in part):
            is_cut = True
            continue
        for number, part in enumerate(parts):
            tokens.append(token_of(part, cues, is_cut=is_cut))
            labels.append("O" if kind is None else f"{label[:1] if number == 0 else 'I'}-{kind}")
            is_cut = False
    return tokens, labels


def train(sentences: Sequence[Labelled], file: Path) -> pycrfsuite.Tagger:
    """Return the tagger trained on the sentences."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for tokens, labels in sentences:
        if tokens:
            trainer.append([list(features_of(tokens, index)) for index in range(len(tokens))], labels)
    trainer.set_params(SETTINGS)
    trainer.train(str(file))
    tagger = pycrfsuite.Tagger()
    tagger.open(str(file))
    return tagger


def measure(tagger: pycrfsuite.Tagger, sentences: Sequence[Labelled]) -> None:
    """Print precision and recall of exact spans by type."""
    counts: Counter[tuple[str, str]] = Counter()
    for tokens, labels in sentences:
        found = tagger.tag([list(features_of(tokens, index)) for index in range(len(tokens))])
        gold, seen = set(spans_of(labels)), set(spans_of(found))
        for name, spans in (("gold", gold), ("seen", seen), ("right", gold & seen)):
            counts.update((kind, name) for kind, _, _ in spans)
    for kind in ("PER", "ORG", "LOC"):
        gold, seen, right = (counts[kind, name] for name in ("gold", "seen", "right"))
        print(f"{kind}: precision {right / max(seen, 1):.2f}, recall {right / max(gold, 1):.2f} of {gold}")


def spans_of(labels: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield type, first and stop of each name."""
    first = 0
    for index in range(1, len(labels) + 1):
        if index < len(labels) and labels[index] == f"I-{labels[first][2:]}" and labels[first] != "O":
            continue
        if labels[first] != "O":
            yield labels[first][2:], first, index
        first = index


def write(tagger: pycrfsuite.Tagger, common: Sequence[str], file: Path) -> None:
    """Write the weights as the table marsad/sequences.py reads."""
    info = tagger.info()
    states: dict[str, list[str]] = {}
    for (feature, label), weight in sorted(info.state_features.items()):
        if abs(weight) >= LEAST_WEIGHT:
            states.setdefault(feature, []).append(f"{LABELS.index(label)}:{weight:.2f}")
    table = {
        "about": "Names in Arabic news, learned from ANERcorp (Y. Benajiba; CAMeL Lab splits) by bench/names.py",
        "licence": "CC BY-SA 4.0",
        "labels": LABELS,
        "moves": [[round(info.transitions.get((a, b), _unseen(a, b)), 3) for b in LABELS] for a in LABELS],
        "common": packed_of(common),
        "states": {feature: " ".join(row) for feature, row in states.items()},
    }
    file.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", "utf-8")
    print(f"{len(states)} features, {len(common)} common nouns, {file.stat().st_size:,} bytes")


def packed_of(words: Sequence[str]) -> str:
    """Return the hashes of the words as marsad/sequences.py unpacks them."""
    return base64.b64encode(b"".join(h.to_bytes(4, "little") for h in sorted(map(hash_of, words)))).decode()


def _unseen(before: str, after: str) -> float:
    return FORBIDDEN if after.startswith("I-") and before[2:] != after[2:] else 0.0


if __name__ == "__main__":
    main()
