"""What a count amounts to, and why: whole numbers in, a result that explains itself out.

No database and no fractions of a person: every comparison is between integers. A rule's numbers
come from the meeting's `RuleSet`; what follows from them is only here.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from assembly.enums import Choice, Outcome


class Rules(Protocol):
    """What of a `RuleSet` a count needs."""

    @property
    def quorum_rule(self) -> str: ...
    @property
    def quorum_numerator(self) -> int: ...
    @property
    def quorum_denominator(self) -> int: ...
    @property
    def majority_rule(self) -> str: ...
    @property
    def majority_numerator(self) -> int: ...
    @property
    def majority_denominator(self) -> int: ...


@dataclass(frozen=True)
class Result:
    """A counted vote. `present` = in favour + against + abstaining; `voting` leaves these out."""

    entitled: int
    present: int
    in_favour: int
    against: int
    abstentions: int
    absent: int
    quorum_needed: int  # the fewest present with whom a decision can be taken
    voting: int
    majority_needed: int  # the fewest in favour that carry the question
    outcome: str

    @property
    def has_quorum(self) -> bool:
        return self.present >= self.quorum_needed


def compute_result(choices: Iterable[str], rules: Rules) -> Result:
    """The result of one answer for each entitled member.

    Quorum: present·denominator > entitled·numerator. Majority: in favour·denominator ≥
    (in favour + against)·numerator; abstaining is not voting (UNGA rules of procedure, 86 and
    126). Nobody in favour or against: not adopted. Raises ValueError for an answer that is
    missing or not a Choice.
    """
    count = Counter(Choice(choice) for choice in choices)
    entitled = sum(count.values())
    in_favour, against = count[Choice.IN_FAVOUR], count[Choice.AGAINST]
    abstentions, absent = count[Choice.ABSTENTION], count[Choice.ABSENT]
    present = entitled - absent
    voting = in_favour + against
    if present * rules.quorum_denominator <= entitled * rules.quorum_numerator:
        outcome = Outcome.NO_QUORUM
    elif voting and in_favour * rules.majority_denominator >= voting * rules.majority_numerator:
        outcome = Outcome.ADOPTED
    else:
        outcome = Outcome.NOT_ADOPTED
    return Result(
        entitled=entitled,
        present=present,
        in_favour=in_favour,
        against=against,
        abstentions=abstentions,
        absent=absent,
        quorum_needed=quorum_of(entitled, rules),
        voting=voting,
        majority_needed=majority_of(voting, rules),
        outcome=outcome.value,
    )


def quorum_of(entitled: int, rules: Rules) -> int:
    """The smallest whole number above the quorum's share of all entitled members."""
    return entitled * rules.quorum_numerator // rules.quorum_denominator + 1


def majority_of(voting: int, rules: Rules) -> int:
    """The smallest whole number that is the majority's share of those voting, one at least."""
    return max(1, -(-voting * rules.majority_numerator // rules.majority_denominator))


# --- In words --------------------------------------------------------------------------------
_SHARES: dict[tuple[int, int], str | Promise] = {
    (1, 3): gettext_lazy("one third"),
    (1, 2): gettext_lazy("half"),
    (2, 3): gettext_lazy("two thirds"),
    (3, 4): gettext_lazy("three quarters"),
    (3, 5): gettext_lazy("three fifths"),
    (4, 5): gettext_lazy("four fifths"),
}


def _share(numerator: int, denominator: int) -> str:
    return str(_SHARES.get((numerator, denominator), f"{numerator}/{denominator}"))


def explain(result: Result, rules: Rules, language: str) -> str:
    """The result as one line in `language`: who was there, how they voted, which rule decides.

    "14 of 20 present (quorum 11, rule 3.1: reached); 12 in favour, 1 against, 1 abstention;
    two thirds of 13 voting is 9: adopted (rule 4.2)".
    """
    with translation.override(language):
        return "".join((_presence(result, rules), _tally(result), _verdict(result, rules)))


def _presence(result: Result, rules: Rules) -> str:
    reached = (
        pgettext("quorum", "reached") if result.has_quorum else pgettext("quorum", "not reached")
    )
    return ngettext(
        "%(present)s of %(entitled)s present (quorum %(quorum)s, rule %(rule)s: %(reached)s); ",
        "%(present)s of %(entitled)s present (quorum %(quorum)s, rule %(rule)s: %(reached)s); ",
        result.present,
    ) % {
        "present": result.present,
        "entitled": result.entitled,
        "quorum": result.quorum_needed,
        "rule": rules.quorum_rule,
        "reached": reached,
    }


def _tally(result: Result) -> str:
    return _("%(in_favour)s, %(against)s, %(abstentions)s; ") % {
        "in_favour": ngettext("%(count)s in favour", "%(count)s in favour", result.in_favour)
        % {"count": result.in_favour},
        "against": ngettext("%(count)s against", "%(count)s against", result.against)
        % {"count": result.against},
        "abstentions": ngettext("%(count)s abstention", "%(count)s abstentions", result.abstentions)
        % {"count": result.abstentions},
    }


def _verdict(result: Result, rules: Rules) -> str:
    if result.outcome == Outcome.NO_QUORUM:
        return _("without a quorum nothing is decided (rule %(rule)s)") % {
            "rule": rules.quorum_rule
        }
    if not result.voting:
        return _("nobody voted in favour or against: not adopted (rule %(rule)s)") % {
            "rule": rules.majority_rule
        }
    return ngettext(
        "%(share)s of %(voting)s voting is %(needed)s: %(outcome)s (rule %(rule)s)",
        "%(share)s of %(voting)s voting is %(needed)s: %(outcome)s (rule %(rule)s)",
        result.voting,
    ) % {
        "share": _share(rules.majority_numerator, rules.majority_denominator),
        "voting": result.voting,
        "needed": result.majority_needed,
        "outcome": Outcome(result.outcome).label,
        "rule": rules.majority_rule,
    }


def quorum_in_words(rules: Rules) -> str:
    """The quorum rule as a sentence in the active language."""
    return _("A decision needs more than %(share)s of the full members present.") % {
        "share": _share(rules.quorum_numerator, rules.quorum_denominator)
    }


def majority_in_words(rules: Rules) -> str:
    """The majority rule as a sentence in the active language."""
    return _(
        "A question is adopted by %(share)s of the members present and voting;"
        " abstentions do not count as voting."
    ) % {"share": _share(rules.majority_numerator, rules.majority_denominator)}


def fingerprint(choices: Mapping[int, str]) -> str:
    """A short digest of a roll's answers: what was reviewed is what may be certified."""
    text = "\n".join(f"{key}={choices[key]}" for key in sorted(choices))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
