"""Icons of Lucide, each drawn once: the package copies and writes out its tree at every use, which
was a tenth of the time of a page.
"""

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide

register = template.Library()
register.simple_tag(lru_cache(maxsize=1024)(lucide), name="lucide")
