"""What one office hands to the next: members, what lies open, rooms, meetings, as a file."""
