"""Server-rendered pages: rendering, forms and what a browser must be told. Holds no SQL."""
