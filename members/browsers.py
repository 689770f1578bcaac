"""What a browser says of itself, in the words of people."""

_BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome")]
_SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
]


def browser_name(user_agent: str) -> str:
    """What a person calls their browser and system; the header itself where it names none."""
    names = [name for mark, name in [*_BROWSERS, ("Safari", "Safari")] if mark in user_agent][:1]
    names += [name for mark, name in _SYSTEMS if mark in user_agent][:1]
    return ", ".join(names) or user_agent
