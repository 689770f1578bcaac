"""What the portal knows of one person, as a file for that person."""
