"""The choices of a workspace that matching reads, picked out once for a whole batch of messages."""

from dataclasses import dataclass

from backend.domain.policies import LocationRetain, MatchField, MultiMatch, Policies, ThreadOwner


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPolicy:
    """D-3, D-6, D-7, D-18, D-19 and D-28. The defaults are those Rapport ships."""

    fields: frozenset[MatchField] = frozenset({MatchField.FROM, MatchField.TO})
    third_party_sender: bool = False
    multi: MultiMatch = MultiMatch.ALL
    owner: ThreadOwner = ThreadOwner.FIRST_RECIPIENT
    by_domain: bool = False
    require_assignment: bool = False
    keeps_answers_of_others: bool = False


def match_policy(policies: Policies) -> MatchPolicy:
    """The settings in force that matching reads.

    >>> match_policy(Policies()) == MatchPolicy()
    True
    """
    return MatchPolicy(
        fields=policies.match_fields,
        third_party_sender=policies.third_party_sender,
        multi=policies.multi_match,
        owner=policies.thread_owner,
        by_domain=policies.match_by_domain is not None,
        require_assignment=policies.require_assignment,
        keeps_answers_of_others=policies.location_retain is LocationRetain.ALL,
    )
