"""What booth and office share: headers, strict forms, pages, static files."""
