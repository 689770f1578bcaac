"""How much longer something takes when there is more of it: on a busy machine, too."""

import time
from collections.abc import Callable

LINEAR = 30  # of `growth`, which is 10 in step with the length, and 100 in its square


def growth(of: Callable[[int], object], least: int) -> float:
    """CPU time of `of(10 * least)` by that of `of(least)`, the best of two each. What it is asked
    for is never the same twice: nothing comes out of a cache.
    """

    def took(number: int) -> float:
        began = time.process_time()
        of(number)
        return time.process_time() - began

    short, long = (min(took(most + n) for n in range(2)) for most in (least, 10 * least))
    return long / short
