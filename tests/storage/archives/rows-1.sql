-- What an archive with the first schema held: one article, read once. Never edited; a later schema gets a file of its own.
INSERT INTO sites (id, key, first_seen) VALUES (1, 'lindow.example', '2026-03-01T12:00:00Z');
INSERT INTO runs (id, kind, started, version) VALUES (1, 'crawl', '2026-03-01T12:00:00Z', '0.1.0');
INSERT INTO frontier (id, url, site_id, state, first_seen) VALUES (1, 'https://lindow.example/news/8', 1, 'done', '2026-03-01T12:00:00Z');
INSERT INTO articles (id, public_id, site_id, url, title, date_published, date_published_zone, first_seen, last_seen, words, body)
  VALUES (1344339968, 'pm-aaaabbbbcccc', 1, 'https://lindow.example/news/8', 'Ferry runs again', '2026-03-01T10:00:00Z', '+00:00',
  '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z', 6, 'It runs again, say its crew.');
INSERT INTO fetches (id, run_id, url_id, started, status, outcome, article_id) VALUES (1, 1, 1, '2026-03-01T12:00:00Z', 200, 'new', 1344339968);
INSERT INTO revisions (article_id, seen_first, seen_last, outcome, content_hash)
  VALUES (1344339968, '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z', 'new', x'01a58c36695a3e2422955d4b902bf86f');
INSERT INTO article_urls (url_id, article_id) VALUES (1, 1344339968);
INSERT INTO authors (id, name) VALUES (1, 'Ada Kvist');
INSERT INTO article_authors (article_id, position, author_id) VALUES (1344339968, 0, 1);
