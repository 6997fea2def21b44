-- Version 5: the band index of near-duplicates is written in large sorted parts.

-- Articles whose bands do not stand in duplicate_bands yet, a row for each batch in which they were written.
CREATE TABLE duplicate_recent (
  id INTEGER PRIMARY KEY,           -- Number of the batch
  moved_below INTEGER,              -- On one row at most: of this and earlier rows, bands below it stand in duplicate_bands already
  articles BLOB NOT NULL,           -- Articles, as little-endian integers of eight bytes
  bands BLOB NOT NULL               -- Their bands, article by article, as little-endian integers of four bytes
);
