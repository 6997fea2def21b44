-- Version 3: a checksum over all that an article's current reading consists of.

ALTER TABLE articles ADD COLUMN checksum INTEGER; -- CRC-32 of the reading in all tables, for pressmark verify; null in what an older Pressmark wrote
