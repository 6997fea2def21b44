-- Version 4: key points are kept once, in the articles' rows.

UPDATE articles SET checksum = NULL WHERE id IN (
  SELECT article_id FROM key_points WHERE text = '' OR text <> trim(text) OR instr(text, char(10))
);
DROP TABLE key_points;

-- Points of key-points boxes: the lines of the articles' key_points.
CREATE VIEW key_points AS SELECT
  a.id AS article_id,               -- Article
  line.key AS position,             -- Place in the box, from 0
  replace(line.value, char(65535), '\') AS text -- The point
FROM articles a, json_each('[' || replace(json_quote(replace(a.key_points, '\', char(65535))), '\n', '","') || ']') line
WHERE a.key_points IS NOT NULL;
