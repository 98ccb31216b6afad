"""Charts: numbers become places here, and Jinja macros draw them for the web and for paper."""
