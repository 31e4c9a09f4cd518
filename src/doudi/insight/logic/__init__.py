"""Pure parts: the text of a reform chosen on a page, the geometry of a chart, rows of a result."""
