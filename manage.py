#!/usr/bin/env python
"""Django's command line. Without DATABASE_URL it starts (or joins) the embedded services."""

import os
import sys

from django.core.management import execute_from_command_line

from portal.embedded import ensure_environment

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    ensure_environment()
    execute_from_command_line(sys.argv)
