"""Learns the weights of `handlers/insight/leaning.py` from the sentences of `sentences/taught.tsv`, from what people answer to our own
questions (`answers.tsv`, `addresses.tsv`: never danger), and says how well that would
do on sentences that were not learnt.

    python -m tests.insight.learn [--write AT]

Plain logistic regression with AdaGrad over what `danger.signs` sees; the same sentences give the same weights. The sentences held
back for the test (`held_back.tsv`) are never read here.
"""

import argparse
import json
import math
import random
from collections import Counter
from pathlib import Path

from handlers.insight.danger import KINDS, signs

SENTENCES = Path(__file__).parent / "sentences"
WEIGHTS = Path(__file__).parent.parent.parent / "handlers" / "data" / "leaning.json"
ROUNDS, RATE, PULL, LEAST_SEEN = 10, 0.05, 0.001, 3
# What one missed cry weighs against one card shown for nothing: above 1, more cries are heard and more cards shown.
CRY = 1.0
SMALLEST = {"any": 0.05}  # Weights below it are left out of the file; of those that only tell the kind, below LEAST_OF_KIND.
LEAST_OF_KIND = 0.3
Example = tuple[frozenset[str], str]
Model = tuple[float, dict[str, float]]


def examples(*names: str) -> list[Example]:
    found = []
    for name in names:
        for line in (SENTENCES / name).read_text("utf-8").splitlines():
            label, text = line.split("\t", 1)
            if name == "addresses.tsv":
                label, text = "harmless", label
            pieces = signs(text)
            seen = frozenset().union(*pieces) if pieces else frozenset()
            if name == "danger.tsv":  # The rules were tuned on these: what they say of them teaches nothing.
                seen = frozenset(sign for sign in seen if not sign.startswith("r "))
            found.append((seen, label))
    return found


def learn(taught: list[Example], wanted: str, seed: int = 1) -> Model:
    counts = Counter(sign for seen, _label in taught for sign in seen)
    known = {sign for sign, count in counts.items() if count >= LEAST_SEEN}
    rows = [([sign for sign in sorted(seen) if sign in known], _is(label, wanted)) for seen, label in taught]
    share = sum(hit for _seen, hit in rows) / len(rows)
    heavy = (1 - share) / share * CRY
    weights, sums = dict.fromkeys(known, 0.0), dict.fromkeys(known, 1e-6)
    start, start_sum, order = 0.0, 1e-6, random.Random(seed)
    for _ in range(ROUNDS):
        order.shuffle(rows)
        for seen, hit in rows:
            score = start + sum(weights[sign] for sign in seen)
            error = (1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) - hit) * (heavy if hit else 1.0)
            start_sum += error * error
            start -= RATE * error / math.sqrt(start_sum)
            for sign in seen:
                slope = error + PULL * weights[sign]
                sums[sign] += slope * slope
                weights[sign] -= RATE * slope / math.sqrt(sums[sign])
    return start, weights


def _is(label: str, wanted: str) -> int:
    return int(label != "harmless" if wanted == "any" else label == wanted)


def score(model: Model, seen: frozenset[str]) -> float:
    return model[0] + sum(model[1].get(sign, 0.0) for sign in seen)


def across(taught: list[Example], parts: int = 6) -> list[tuple[float, str]]:
    """Each sentence judged by what was learnt from the others."""
    order = list(range(len(taught)))
    random.Random(7).shuffle(order)
    judged: list[tuple[float, str]] = []
    for part in range(parts):
        test = set(order[part::parts])
        model = learn([one for place, one in enumerate(taught) if place not in test], "any")
        judged += [(score(model, taught[place][0]), taught[place][1]) for place in sorted(test)]
    return judged


def told(judged: list[tuple[float, str]], at: float) -> str:
    cries, calm = [s for s, label in judged if label != "harmless"], [s for s, label in judged if label == "harmless"]
    recall, alarms = sum(s > at for s in cries) / len(cries), sum(s > at for s in calm) / len(calm)
    return f"{at:+.2f}: hears {recall:.3f}, false alarms {alarms:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Learn how words lean towards danger.")
    parser.add_argument("--write", type=float, metavar="AT", help="write the weights, with this much taken off the score")
    parsed = parser.parse_args()
    taught, own = examples("taught.tsv", "answers.tsv", "addresses.tsv"), examples("danger.tsv")
    if parsed.write is None:
        judged = across([*taught, *own])
        print("\n".join(told(judged, at / 4) for at in range(-8, 9)))
        return
    data = {}
    words = [(frozenset(sign for sign in seen if not sign.startswith("c ")), label) for seen, label in (*taught, *own)]
    for wanted in ("any", *KINDS):
        start, weights = learn([*taught, *own] if wanted == "any" else words, wanted)  # Which kind it is, whole words tell.
        kept = {sign: round(weight, 2) for sign, weight in sorted(weights.items()) if abs(weight) >= SMALLEST.get(wanted, LEAST_OF_KIND)}
        data[wanted] = {"start": round(start - (parsed.write if wanted == "any" else 0), 3), "weights": kept}
    WEIGHTS.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
