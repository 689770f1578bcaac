"""Several who act at once, in threads of their own, on the real database."""

import threading
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection


def at_once(*acts: Callable[[], Any], refusals: tuple[type[Exception], ...] = ()) -> list[str]:
    """What became of each, sorted: "done", the code of a ValidationError, or the name of one of
    `refusals`. Whatever else went wrong is raised.
    """
    start, ends, errors = threading.Barrier(len(acts)), list[str](), list[Exception]()

    def run(act: Callable[[], Any]) -> None:
        try:
            start.wait(20)
            act()
            ends.append("done")
        except ValidationError as refusal:
            ends.append(str(refusal.code))
        except refusals as refusal:
            ends.append(type(refusal).__name__)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    if errors:
        raise errors[0]
    return sorted(ends)
