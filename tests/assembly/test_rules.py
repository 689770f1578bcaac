"""Counting is exact, and says why."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assembly.enums import Choice, Outcome
from assembly.rules import Result, compute_result, explain, fingerprint

Y, N, A, X = Choice.IN_FAVOUR, Choice.AGAINST, Choice.ABSTENTION, Choice.ABSENT


@dataclass(frozen=True)
class Rules:
    quorum_rule: str = "3.1"
    quorum_numerator: int = 1
    quorum_denominator: int = 2
    majority_rule: str = "4.2"
    majority_numerator: int = 2
    majority_denominator: int = 3


RULES = Rules()
rolls = st.lists(st.sampled_from(list(Choice)), max_size=40)


def count(yes: int, no: int, abstaining: int, absent: int, rules: Rules = RULES) -> Result:
    return compute_result([Y] * yes + [N] * no + [A] * abstaining + [X] * absent, rules)


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ((12, 1, 1, 6), Outcome.ADOPTED),
        ((8, 4, 0, 0), Outcome.ADOPTED),  # exactly two thirds
        ((7, 4, 0, 0), Outcome.NOT_ADOPTED),  # 7 · 3 < 11 · 2
        ((9, 5, 0, 0), Outcome.NOT_ADOPTED),  # two thirds of 14 is more than 9
        ((10, 5, 0, 0), Outcome.ADOPTED),
        ((5, 5, 0, 0), Outcome.NOT_ADOPTED),  # a tie
        ((0, 0, 11, 0), Outcome.NOT_ADOPTED),  # all abstain
        ((1, 0, 10, 0), Outcome.ADOPTED),  # abstaining is not voting
        ((0, 1, 10, 0), Outcome.NOT_ADOPTED),
        ((10, 0, 0, 10), Outcome.NO_QUORUM),  # exactly half is no majority
        ((11, 0, 0, 9), Outcome.ADOPTED),
        ((7, 0, 0, 6), Outcome.ADOPTED),  # of an odd number: 7 of 13
        ((6, 0, 0, 7), Outcome.NO_QUORUM),
        ((0, 0, 0, 13), Outcome.NO_QUORUM),
        ((0, 0, 0, 0), Outcome.NO_QUORUM),
        ((1, 0, 0, 0), Outcome.ADOPTED),
        ((66, 34, 0, 0), Outcome.NOT_ADOPTED),  # a percentage would say 66 %
        ((67, 33, 0, 0), Outcome.ADOPTED),
        ((2, 1, 190, 0), Outcome.ADOPTED),
    ],
)
def test_outcome_is_exact(votes: tuple[int, int, int, int], outcome: str) -> None:
    assert count(*votes).outcome == outcome


def test_result_holds_every_number() -> None:
    assert count(12, 1, 1, 6) == Result(
        entitled=20,
        present=14,
        in_favour=12,
        against=1,
        abstentions=1,
        absent=6,
        quorum_needed=11,
        voting=13,
        majority_needed=9,
        outcome="adopted",
    )


def test_rules_may_ask_for_another_majority_and_quorum() -> None:
    four_fifths = replace(RULES, majority_numerator=4, majority_denominator=5)
    assert count(7, 2, 0, 0).outcome == Outcome.ADOPTED
    assert count(7, 2, 0, 0, four_fifths).outcome == Outcome.NOT_ADOPTED
    a_third = replace(RULES, quorum_denominator=3)
    assert count(4, 0, 0, 8, a_third).outcome == Outcome.NO_QUORUM
    assert count(5, 0, 0, 7, a_third).outcome == Outcome.ADOPTED


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_missing_answer_is_not_counted_as_anything(answer: str) -> None:
    with pytest.raises(ValueError):
        compute_result([Y, answer], RULES)


@given(rolls)
def test_numbers_add_up(roll: list[Choice]) -> None:
    result = compute_result(roll, RULES)
    assert result.entitled == len(roll) == result.present + result.absent
    assert result.present == result.in_favour + result.against + result.abstentions
    assert result.voting == result.in_favour + result.against
    assert compute_result(reversed(roll), RULES) == result


@given(rolls)
def test_needed_numbers_are_the_smallest_that_do(roll: list[Choice]) -> None:
    result = compute_result(roll, RULES)
    assert result.quorum_needed * 2 > result.entitled >= (result.quorum_needed - 1) * 2
    assert result.has_quorum == (result.present * 2 > result.entitled)
    if result.voting:
        assert result.majority_needed * 3 >= result.voting * 2 > (result.majority_needed - 1) * 3
    adopted = result.has_quorum and result.voting and result.in_favour >= result.majority_needed
    assert (result.outcome == Outcome.ADOPTED) == bool(adopted)


@given(rolls, st.sampled_from([N, A]))
def test_support_never_harms(roll: list[Choice], answer: Choice) -> None:
    """Whoever turns to "in favour" never makes an adopted question fail."""
    before = compute_result([answer, *roll], RULES)
    after = compute_result([Y, *roll], RULES)
    if before.outcome == Outcome.ADOPTED:
        assert after.outcome == Outcome.ADOPTED


@given(rolls)
def test_opposition_never_helps(roll: list[Choice]) -> None:
    abstained = compute_result([A, *roll], RULES)
    opposed = compute_result([N, *roll], RULES)
    if opposed.outcome == Outcome.ADOPTED:
        assert abstained.outcome == Outcome.ADOPTED


@given(rolls)
def test_coming_never_costs_the_quorum(roll: list[Choice]) -> None:
    if compute_result([X, *roll], RULES).has_quorum:
        assert compute_result([A, *roll], RULES).has_quorum


def test_result_explains_itself_in_three_languages() -> None:
    result = count(12, 1, 1, 6)
    assert explain(result, RULES, "en") == (
        "14 of 20 present (quorum 11, rule 3.1: reached); 12 in favour, 1 against, 1 abstention; "
        "two thirds of 13 voting is 9: adopted (rule 4.2)"
    )
    assert explain(result, RULES, "fr").replace("\u00a0", " ") == (
        "14 présents sur 20 (quorum : 11, article 3.1 : atteint) ; 12 pour, 1 contre, "
        "1 abstention ; les deux tiers de 13 votants font 9 : adopté (article 4.2)"
    )
    assert explain(result, RULES, "ar") == (
        "حضر 14 عضوًا من أصل 20 (النصاب القانوني 11، المادة 3.1: متحقق)؛ 12 مؤيدًا، معارض واحد، "
        "ممتنع واحد؛ أغلبية ثلثي المصوّتين (13 عضوًا) هي 9: اعتُمد (المادة 4.2)"
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "لا معارض"),
        (1, "معارض واحد"),
        (2, "معارضان"),
        (3, "3 معارضين"),
        (10, "10 معارضين"),
        (11, "11 معارضًا"),
        (99, "99 معارضًا"),
        (100, "100 معارض"),
        (103, "103 معارضين"),
    ],
)
def test_arabic_counts_in_its_six_ways(number: int, words: str) -> None:
    assert f"، {words}، " in explain(count(0, number, 1, 0), RULES, "ar")


def test_explanation_without_quorum_and_without_votes() -> None:
    assert explain(count(6, 0, 2, 12), RULES, "en") == (
        "8 of 20 present (quorum 11, rule 3.1: not reached); 6 in favour, 0 against, "
        "2 abstentions; without a quorum nothing is decided (rule 3.1)"
    )
    assert explain(count(0, 0, 3, 0), RULES, "en").endswith(
        "nobody voted in favour or against: not adopted (rule 4.2)"
    )


def test_unusual_share_is_written_as_numbers() -> None:
    rules = replace(RULES, majority_numerator=5, majority_denominator=8)
    assert "5/8 of 8 voting is 5: adopted" in explain(count(5, 3, 0, 0, rules), rules, "en")


def test_fingerprint_tells_rolls_apart() -> None:
    assert fingerprint({1: "absent", 2: ""}) == fingerprint({2: "", 1: "absent"})
    assert fingerprint({1: "absent", 2: ""}) != fingerprint({1: "absent", 2: "absent"})
