# ruff: noqa: ANN001, ANN201, B023, C901, E401, E501, E731, I001, PLW1510, PTH123, SIM115, T201
# The scorer that came with the annotation guideline, kept as it is but for the paths.
"""Score the tagger against gold articles: entities, relevance, statements, outlet voice.

    score.py GOLD.jsonl [GOLD2.jsonl ...] --run "marsad tag --jsonl"     runs the command, texts on its standard input
    score.py GOLD.jsonl --system OUT.jsonl                               scores a file made earlier

A gold line holds "text", or "file": the name of a text in --texts (default: shared/seeds beside the checkout).
Figures: `listed` counts mentions whose gold id is in --table (entities.csv, canonical_en) or a name the system knows, matched on exact
span and name; `spans` counts all names and nisbas on exact span and type. Statements match where the evidence spans overlap by half of
the shorter one and the speakers' mentions overlap or their names agree; several statements of one speaker with one stance count as one, and
any of their spans may match; stance is scored on matched statements (macro-F1 over the classes in the gold) and jointly. `outlet_voice`
is accuracy; `outlet_voice_found` the share of the texts whose outlet evaluates that are found with the right class. Mentions and statements
inside gold "boilerplate" spans are left out.
"""

import argparse, csv, json, pathlib, shlex, subprocess, sys
from collections import Counter

HERE = pathlib.Path(__file__).resolve().parent
SAME = {  # ids that name one thing
    "Comprehensive Strategic Partnership Treaty": "Russia–DPRK Comprehensive Strategic Partnership Treaty (2024)",
    "Volodymyr Zelenskyy": "Volodymyr Zelensky",
    "Sergei Lavrov": "Sergey Lavrov",
    "National Intelligence Service": "NIS (South Korea)",
    "KN-23": "Hwasong-11 / KN-23",
    "Hwasong-11": "Hwasong-11 / KN-23",
    "State Duma": "Russian State Duma",
    "M-1978 Koksan": "Koksan gun",
    "Koksan": "Koksan gun",
    "Russian Ministry of Foreign Affairs": "Russian Foreign Ministry",
    "Ministry of Foreign Affairs of Russia": "Russian Foreign Ministry",
    "Ministry of Defence of Russia": "Russian Ministry of Defence",
    "HUR": "Main Directorate of Intelligence of Ukraine",
    "Chinese Ministry of Foreign Affairs": "Chinese Foreign Ministry",
    "Andriy Yusov": "Andrii Yusov",
    "Joint Chiefs of Staff of South Korea": "South Korean Joint Chiefs of Staff",
    "Federation Council of Russia": "Federation Council",
    "Alabuga Special Economic Zone": "Alabuga",
    "Donetsk Oblast": "Donetsk",
}


def name_of(value):
    value = str(value or "").strip()
    return SAME.get(value, value).casefold()


def overlap(a, b, c, d):
    return max(0, min(b, d) - max(a, c))


def ratio(hit, gold, system):
    p, r = hit / system if system else 0.0, hit / gold if gold else 0.0
    return {
        "p": round(p, 4),
        "r": round(r, 4),
        "f1": round(2 * p * r / (p + r), 4) if p + r else 0.0,
        "gold": gold,
        "system": system,
    }


def collapse(statements):
    """One per speaker and stance, with all spans of evidence and of the speaker."""
    merged = {}
    for x in statements:
        m = merged.setdefault(
            (name_of(x.get("speaker")), x.get("stance")),
            {"speaker": x.get("speaker"), "stance": x.get("stance"), "spans": [], "mentions": []},
        )
        m["spans"].append((x["start"], x["end"]))
        if x.get("speaker_start") is not None:
            m["mentions"].append((x["speaker_start"], x["speaker_end"]))
    return list(merged.values())


def score(golds, outs, listed):
    cnt, classes, rel, voice, bad = Counter(), Counter(), [0, 0], [0, 0], []
    found = [0, 0]
    for g in golds:
        s = outs.get(g["id"], {"error": "no answer"})
        if "error" in s:
            bad.append((g["id"], s["error"]))
            s = {}
        text, waste = g["text"], g.get("boilerplate", [])
        keep = lambda x: not any(overlap(x["start"], x["end"], a, b) for a, b in waste)
        ge, se = [e for e in g["entities"] if keep(e)], [e for e in s.get("entities", []) if keep(e)]
        for e in se:
            if text[e["start"] : e["end"]] != e["surface"]:
                cnt["span_mismatch"] += 1
        typ = lambda e: "NISBA" if e.get("kind") == "nisba" else e["type"]
        gs, ss = {(e["start"], e["end"], e["type"]) for e in ge}, {(e["start"], e["end"], typ(e)) for e in se}
        cnt["span_hit"] += len(gs & ss)
        cnt["span_gold"] += len(gs)
        cnt["span_sys"] += len(ss)
        gl = {(e["start"], e["end"], name_of(e["id"])) for e in ge if name_of(e["id"]) in listed}
        sl = {(e["start"], e["end"], name_of(e.get("name"))) for e in se if name_of(e.get("name")) in listed}
        cnt["list_hit"] += len(gl & sl)
        cnt["list_gold"] += len(gl)
        cnt["list_sys"] += len(sl)
        rel[0] += s.get("relevance", {}).get("label") == g["relevance"]
        rel[1] += 1
        ov = s.get("outlet_voice")
        ov = ov.get("stance") if isinstance(ov, dict) else ov
        voice[0] += ov == g["outlet_voice"]
        voice[1] += 1
        if g["outlet_voice"] != "neutral":
            found[0] += ov == g["outlet_voice"]
            found[1] += 1
        gst, sst = collapse(g["statements"]), collapse([x for x in s.get("statements", []) if keep(x)])
        cnt["st_gold"] += len(gst)
        cnt["st_sys"] += len(sst)
        pairs = []
        for i, a in enumerate(gst):
            for j, b in enumerate(sst):
                o = max(
                    (
                        overlap(*x, *y)
                        for x in a["spans"]
                        for y in b["spans"]
                        if 2 * overlap(*x, *y) >= min(x[1] - x[0], y[1] - y[0])
                    ),
                    default=0,
                )
                if o and (
                    name_of(a["speaker"]) == name_of(b["speaker"])
                    or any(overlap(*x, *y) for x in a["mentions"] for y in b["mentions"])
                ):
                    pairs.append((a["stance"] == b.get("stance"), o, i, j))
        used_a, used_b = set(), set()
        for agree, _, i, j in sorted(pairs, reverse=True):
            if i in used_a or j in used_b:
                continue
            used_a.add(i)
            used_b.add(j)
            cnt["st_hit"] += 1
            cnt["st_joint"] += agree
            classes[gst[i]["stance"], sst[j].get("stance")] += 1
    f1 = []
    for c in sorted({a for a, _ in classes}):
        tp, fp = classes[c, c], sum(n for (a, b), n in classes.items() if b == c and a != c)
        fn = sum(n for (a, b), n in classes.items() if a == c and b != c)
        f1.append(2 * tp / (2 * tp + fp + fn))
    return {
        "texts": len(golds),
        "errors": bad,
        "span_mismatch": cnt["span_mismatch"],
        "listed": ratio(cnt["list_hit"], cnt["list_gold"], cnt["list_sys"]),
        "spans": ratio(cnt["span_hit"], cnt["span_gold"], cnt["span_sys"]),
        "relevance": round(rel[0] / rel[1], 4),
        "outlet_voice": round(voice[0] / voice[1], 4),
        "outlet_voice_found": f"{found[0]}/{found[1]}",
        "statements": ratio(cnt["st_hit"], cnt["st_gold"], cnt["st_sys"]),
        "statements_with_stance": ratio(cnt["st_joint"], cnt["st_gold"], cnt["st_sys"]),
        "stance_macro_f1": round(sum(f1) / len(f1), 4) if f1 else 0.0,
        "stance_confusion": {f"{a}->{b}": n for (a, b), n in sorted(classes.items(), key=str)},
    }


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("gold", nargs="+")
    ap.add_argument("--run")
    ap.add_argument("--system")
    ap.add_argument("--texts", default=HERE.parent.parent.parent / "shared" / "seeds", type=pathlib.Path)
    ap.add_argument("--table", default=HERE.parent.parent / "seeds" / "entities.csv", type=pathlib.Path)
    a = ap.parse_args()
    golds = []
    for path in a.gold:
        for line in open(path, encoding="utf-8"):
            g = json.loads(line)
            g.setdefault("text", None)
            if g["text"] is None:
                g["text"] = (a.texts / g["file"]).read_text(encoding="utf-8")
            golds.append(g)
    if a.run:
        feed = "".join(
            json.dumps({"id": g["id"], "text": g["text"], "published": g.get("published")}, ensure_ascii=False) + "\n"
            for g in golds
        )
        done = subprocess.run(shlex.split(a.run), input=feed, capture_output=True, text=True, encoding="utf-8")
        if done.returncode:
            sys.exit(f"the tagger ended with {done.returncode}: {done.stderr[-500:]}")
        lines = done.stdout.splitlines()
    else:
        lines = open(a.system, encoding="utf-8").read().splitlines()
    outs = {o["id"]: o for o in map(json.loads, filter(None, lines))}
    listed = {name_of(r["canonical_en"]) for r in csv.DictReader(open(a.table, encoding="utf-8"))}
    print(json.dumps(score(golds, outs, listed), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
