"""The Datasette face: the archive as pages to read, on top of Datasette's own."""
