"""A trainee's own rating: given beside the assessor's, before either has seen the other, and counted nowhere."""

from uuid import UUID

from competencies.errors import RuleBroken
from competencies.scales import Level, Scale


def check_self_rating(
    level: Level, *, scale: Scale | None, by: UUID, trainee_id: UUID, answered: bool, given: bool
) -> None:
    """Accept the trainee's own level for an act on an EPA, or raise RuleBroken with the first rule broken.

    `answered` says that an assessor rated the act on this EPA already: whoever may have read that says no longer what
    they thought themselves. `given` says that there is an own rating, which stays as it is.
    """
    if by != trainee_id:
        raise RuleBroken("self_rating_of_another")
    if scale is None or level not in scale.levels:
        raise RuleBroken("scale_mismatch", scale=scale.key if scale else "", other=level.scale_key)
    if given:
        raise RuleBroken("self_rating_given")
    if answered:
        raise RuleBroken("self_rating_late")
