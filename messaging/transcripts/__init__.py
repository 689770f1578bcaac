"""A range of a room's record as a signed document: built here, verified by `majlis_verify`."""
