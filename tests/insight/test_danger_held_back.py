"""Sentences that neither the word lists nor the learnt weights have seen: written by another hand, never taught, never tuned on."""

from tests.insight.measured import labelled, measured, printed, recall_of


def test_danger_is_heard_in_sentences_that_were_held_back() -> None:
    lines = labelled("held_back.tsv")
    counts = measured(lines)
    recall, harmless = recall_of(counts), counts["harmless"]

    print(printed(counts), f"recall {recall.share:.3f}, at least {recall.lower_bound:.3f}; false alarms {1 - harmless.share:.3f}", sep="\n")

    assert len(lines) >= 400
    assert recall.lower_bound >= 0.93
    assert 1 - harmless.share <= 0.05
