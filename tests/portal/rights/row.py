"""A line of the table: an address and what each role is answered there."""

from dataclasses import dataclass

from tests.portal.rights_things import Things

ROLES = (
    "out",  # signed out
    "nobody",  # an account without a mandate
    "chloe",  # a delegate in no common group
    "amal",  # head of a delegation that is in the room
    "observer",  # of amal's delegation
    "suspended",  # head of a delegation whose membership is suspended
    "focal",  # focal point of another delegation
    "contact",  # of the applications
    "dina",  # secretariat
    "former",  # secretariat of the presidency before
)
CODES = {200: "o", 302: "r", 401: "i", 403: "f", 404: "n", 405: "m", 409: "c", 422: "u"}


@dataclass(frozen=True)
class Row:
    """An address and its answers. `args` and `data` are made of the world."""

    get: str
    post: str
    args: Things = lambda world: ()
    data: Things = lambda world: {}


ALL_O, ALL_M, ALL_R, ALL_N = "o" * 10, "m" * 10, "r" * 10, "n" * 10
OWN_O = "l" + "o" * 9
OWN_M, OWN_N, OWN_R = "l" + "m" * 9, "l" + "n" * 9, "l" + "r" * 9
