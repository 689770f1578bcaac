"""Who is answered what at every address of the portal: the table.

One line of TABLE is one URL name, with the answer to each of ROLES, in their order, to GET and to
POST with data that would do something:

    o 200   l 302 to the sign-in   r 302 elsewhere   i 401   f 403   n 404   m 405   c 409   u 422

n is what a thing that is not there gets; f is for who may see the thing and not do this with it.
"""

from tests.portal.rights import (
    accounts,
    applications,
    directory,
    front,
    groups,
    institutions,
    mandates,
    meetings,
    network,
    office,
    persons,
    rooms,
)
from tests.portal.rights.row import Row

TABLE: dict[str, Row] = {
    **accounts.ROWS,
    **directory.ROWS,
    **groups.ROWS,
    **mandates.ROWS,
    **institutions.ROWS,
    **network.ROWS,
    **persons.ROWS,
    **applications.ROWS,
    **office.ROWS,
    **rooms.ROWS,
    **meetings.ROWS,
    **front.ROWS,
}
