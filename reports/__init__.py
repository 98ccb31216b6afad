"""From a release to pages, charts and PDF briefings."""
