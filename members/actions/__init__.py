"""The only writes of members: verb first, keyword-only, one transaction each."""
