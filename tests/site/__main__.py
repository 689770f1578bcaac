"""`python -m tests.site`: makes the scenery in the database of this environment; prints its places.

The portal's processes read the same environment (`tests.site.visit`).
"""

import json

import django

django.setup()

from tests.site.places import listed  # noqa: E402  needs the settings
from tests.site.scenery import arrange  # noqa: E402

arrange()
print(json.dumps(listed()))
