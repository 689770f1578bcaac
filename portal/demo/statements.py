"""A statement of the demo network, and the corrigendum that puts it right."""

from uuid import NAMESPACE_URL, uuid5

from members.models import Mandate
from messaging.actions import issue_statement
from messaging.models import Message, Room
from portal.demo.people import DOMAIN

STATEMENT = (
    "يؤيد وفدنا أن تُتاح وثائق الجمعية العمومية السابعة باللغات الثلاث قبل الانعقاد بثلاثة أسابيع، "
    "ويرجو أن يُثبَت ذلك في المحضر."
)
CORRIGENDUM = "تُقرأ «بأربعة أسابيع» بدلًا من «بثلاثة أسابيع»."


def load_statements(*, room: Room, mandate: Mandate) -> None:
    """Issued through `mandate`, which carries the right by its capacity."""
    issued = issue_statement(
        room=room,
        author=mandate.user,
        mandate=mandate,
        body=STATEMENT,
        client_id=uuid5(NAMESPACE_URL, f"{DOMAIN}/statements/0"),
    )
    assert isinstance(issued, Message)  # noqa: S101  for the type checker: no release is asked for
    issue_statement(
        room=room,
        author=mandate.user,
        mandate=mandate,
        body=CORRIGENDUM,
        client_id=uuid5(NAMESPACE_URL, f"{DOMAIN}/statements/1"),
        corrects=issued.seq,
    )
