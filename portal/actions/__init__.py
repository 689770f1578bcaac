"""The only writes of the portal's own tables: news, pages, messages of the contact page."""
