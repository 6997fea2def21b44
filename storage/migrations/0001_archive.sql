-- Version 1: the archive. The comments are documentation: storage/documentation.py reads them from the schema.
-- A line of its own above CREATE describes the table, a comment behind a column describes the column.

-- One publisher's site.
CREATE TABLE sites (
  id INTEGER PRIMARY KEY,           -- Number of the site
  key TEXT NOT NULL UNIQUE,         -- Host, or name of the site file: what commands call the site
  name TEXT,                        -- Publisher's name as the site's pages last showed it
  first_seen TEXT NOT NULL          -- When the archive first met the site, UTC
);

-- A feed, sitemap or listing that names article URLs.
CREATE TABLE sources (
  id INTEGER PRIMARY KEY,           -- Number of the source
  site_id INTEGER NOT NULL REFERENCES sites(id), -- Site it belongs to
  url TEXT NOT NULL UNIQUE,         -- Where it is
  kind TEXT NOT NULL,               -- rss, atom, jsonfeed, sitemap, news_sitemap, sitemap_index, front, section
  parent_id INTEGER REFERENCES sources(id), -- Source that named this one
  state TEXT NOT NULL DEFAULT 'active', -- active, retired or failed
  state_reason TEXT,                -- Why it was retired or failed
  interval_seconds INTEGER NOT NULL DEFAULT 3600, -- Present pause between two looks, adapted to what it yields
  due_at TEXT,                      -- When to look next, UTC; null is never
  etag TEXT,                        -- For conditional requests
  last_modified TEXT,               -- For conditional requests, as the server sent it
  digest BLOB,                      -- SHA-256 of the last body
  checked_at TEXT,                  -- Last look, UTC
  changed_at TEXT,                  -- Last look that brought something new, UTC
  checks INTEGER NOT NULL DEFAULT 0, -- How many looks
  urls_seen INTEGER NOT NULL DEFAULT 0, -- How many URLs it named
  urls_new INTEGER NOT NULL DEFAULT 0, -- How many of them were new to the archive
  failures INTEGER NOT NULL DEFAULT 0, -- Failed looks in a row
  first_seen TEXT NOT NULL          -- When it was found, UTC
);
CREATE INDEX sources_due ON sources(due_at) WHERE due_at IS NOT NULL;

-- Every URL the archive knows, each once: what is to be fetched, and when.
CREATE TABLE frontier (
  id INTEGER PRIMARY KEY,           -- Number of the URL, used wherever the archive refers to it
  url TEXT NOT NULL UNIQUE,         -- Normalized URL
  site_id INTEGER NOT NULL REFERENCES sites(id), -- Site it belongs to
  state TEXT NOT NULL DEFAULT 'pending', -- pending, leased, done, refused, failed, alias, withdrawn or taken_down
  due_at TEXT,                      -- When to fetch (again), UTC; null is never
  priority INTEGER NOT NULL DEFAULT 0, -- Higher goes first
  depth INTEGER NOT NULL DEFAULT 0, -- Links away from a source
  attempts INTEGER NOT NULL DEFAULT 0, -- Failed fetches in a row
  lease_owner TEXT,                 -- Who is fetching it now
  lease_until TEXT,                 -- When that lease ends, UTC
  source_id INTEGER REFERENCES sources(id), -- Last source that named it
  published TEXT,                   -- When it was published, as its source says, UTC
  first_seen TEXT NOT NULL,         -- When it was found, UTC
  fetched_at TEXT,                  -- Last fetch, UTC
  etag TEXT,                        -- For conditional requests
  last_modified TEXT,               -- For conditional requests, as the server sent it
  reason TEXT                       -- Why it is refused, failed or not due
);
CREATE INDEX frontier_due ON frontier(site_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX frontier_leased ON frontier(lease_until) WHERE lease_until IS NOT NULL;

-- One execution of a command that writes.
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,           -- Number of the run
  kind TEXT NOT NULL,               -- crawl, reparse, repair or takedown
  started TEXT NOT NULL,            -- UTC
  finished TEXT,                    -- UTC; null while running, or when it was killed
  outcome TEXT,                     -- How it ended: finished, interrupted, failed
  version TEXT NOT NULL,            -- Version of the program
  host TEXT,                        -- Machine
  pid INTEGER,                      -- Process on that machine
  arguments TEXT,                   -- Command line and settings, JSON
  report TEXT                       -- Counts by site and outcome, JSON
);

-- One attempt to fetch a URL, whatever came of it.
CREATE TABLE fetches (
  id INTEGER PRIMARY KEY,           -- Number of the fetch
  run_id INTEGER NOT NULL REFERENCES runs(id), -- Run that made it
  url_id INTEGER NOT NULL REFERENCES frontier(id), -- What was asked for
  final_url_id INTEGER REFERENCES frontier(id), -- Where redirects led, if elsewhere
  started TEXT NOT NULL,            -- UTC
  elapsed REAL,                     -- Seconds until the whole answer was there
  status INTEGER,                   -- HTTP status; null where no answer came
  outcome TEXT NOT NULL,            -- new, changed, same, worse, withdrawn, refused or failed
  reason TEXT,                      -- Why there is no article, or why it is worse: a short word
  detail TEXT,                      -- More about the reason
  bytes INTEGER,                    -- Length of the body as it came
  ip TEXT,                          -- Address of the server
  headers TEXT,                     -- The response headers that matter later (etag, last-modified, x-robots-tag, ...), JSON
  signals TEXT,                     -- What the site asks of crawlers: robots, X-Robots-Tag, TDM reservation, AI opt-outs, JSON
  article_id INTEGER REFERENCES articles(id) -- Article the fetch is a reading of
);
CREATE INDEX fetches_url ON fetches(url_id);
CREATE INDEX fetches_article ON fetches(article_id) WHERE article_id IS NOT NULL;

-- One WARC file beside the database.
CREATE TABLE warcs (
  id INTEGER PRIMARY KEY,           -- Number of the file
  filename TEXT NOT NULL UNIQUE,    -- Name in the folder of WARC files
  length INTEGER NOT NULL DEFAULT 0, -- Bytes written and acknowledged; what is behind them is not
  state TEXT NOT NULL DEFAULT 'open', -- open, closed, or condemned: to be deleted
  created TEXT NOT NULL             -- UTC
);

-- The bytes of one fetch: where the page as sent stands in the WARC files.
CREATE TABLE snapshots (
  id INTEGER PRIMARY KEY,           -- Number of the snapshot
  fetch_id INTEGER NOT NULL REFERENCES fetches(id), -- Fetch it came from
  warc_id INTEGER REFERENCES warcs(id), -- File; null where the bytes were taken down
  offset INTEGER,                   -- Where the record begins, in bytes
  length INTEGER,                   -- How long the record is, in bytes
  digest BLOB NOT NULL,             -- SHA-256 of the body as it came over the wire
  revisit_of INTEGER REFERENCES snapshots(id), -- Snapshot that holds these same bytes
  content_type TEXT,                -- As the server sent it
  content_encoding TEXT             -- As the server sent it: gzip, br, ...; null is none
);
CREATE INDEX snapshots_fetch ON snapshots(fetch_id);
CREATE INDEX snapshots_digest ON snapshots(substr(digest, 1, 8)) WHERE revisit_of IS NULL;
CREATE INDEX snapshots_revisit ON snapshots(revisit_of) WHERE revisit_of IS NOT NULL;

-- Where the fields of articles came from; equal ones are stored once.
CREATE TABLE provenances (
  id INTEGER PRIMARY KEY,           -- Number
  provenance TEXT NOT NULL UNIQUE   -- Field to the reading that gave it (json-ld, meta, label, structure, site rule, ...), JSON
);

-- The current reading of every article.
CREATE TABLE articles (
  id INTEGER PRIMARY KEY,           -- Number of the article, also in the full-text index
  public_id TEXT NOT NULL UNIQUE,   -- Name of the article for citing; stays for good
  site_id INTEGER NOT NULL REFERENCES sites(id), -- Site it stands on
  url TEXT NOT NULL,                -- Its address: the canonical one, where the page names one that can be trusted
  title TEXT,                       -- Headline as shown, without the site's name
  lead TEXT,                        -- Standfirst
  key_points TEXT,                  -- Points of a key-points box, one a line; table key_points has them as rows
  category TEXT,                    -- Most specific section shown
  category_path TEXT,               -- The whole path of sections, JSON list
  date_published TEXT,              -- UTC; where date_published_zone is null, the page's own clock time taken as UTC
  date_published_zone TEXT,         -- Offset from UTC that the page gave, as +02:00; null where it gave none
  date_published_raw TEXT,          -- Text the date was read from; null where that was the same in ISO 8601
  date_modified TEXT,               -- UTC, as date_published
  date_modified_zone TEXT,          -- As date_published_zone
  date_modified_raw TEXT,           -- As date_published_raw
  language TEXT,                    -- Of the text, BCP 47
  access TEXT NOT NULL DEFAULT 'free', -- free or paywall
  page_kind TEXT NOT NULL DEFAULT 'article', -- article, live, gallery, video
  first_seen TEXT NOT NULL,         -- When the archive first read it, UTC
  last_seen TEXT NOT NULL,          -- When the site last showed it, UTC
  withdrawn_at TEXT,                -- When the site was first seen to have removed it (404, 410), UTC
  provenance_id INTEGER REFERENCES provenances(id), -- Where each value came from
  updates TEXT,                     -- Entries of a live blog, JSON list of heading, body, date
  structure TEXT,                   -- Which of the body's blocks are headings, JSON list of numbers from 0; or the sections
  words INTEGER NOT NULL DEFAULT 0, -- Number of words in the body
  body TEXT NOT NULL DEFAULT '',    -- Plain text; paragraphs and headings parted by blank lines
  body_html BLOB                    -- The same as minimal HTML, NUL for each of the body's blocks: zlib, raw, with the body in UTF-8 as preset dictionary; pressmark show ID --json unpacks it
);
CREATE INDEX articles_published ON articles(date_published);
CREATE INDEX articles_site ON articles(site_id, date_published);

-- The distinct readings of an article over time.
CREATE TABLE revisions (
  id INTEGER PRIMARY KEY,           -- Number of the revision
  article_id INTEGER NOT NULL REFERENCES articles(id), -- Article it is a reading of
  seen_first TEXT NOT NULL,         -- First fetch that read so, UTC
  seen_last TEXT NOT NULL,          -- Last fetch that read so, UTC
  outcome TEXT NOT NULL,            -- new, changed; or worse: kept, never current
  reason TEXT,                      -- Why it is worse
  snapshot_id INTEGER REFERENCES snapshots(id), -- Page it was first read from
  content_hash BLOB NOT NULL,       -- Of the fields that count, without empty ones, markup noise and clock strings
  changed TEXT,                     -- Fields that differ from the reading before, JSON list
  extractor_version TEXT,           -- Reader that read it
  reading TEXT                      -- The whole reading, JSON; null marks the current revision, whose reading is the article's row
);
CREATE INDEX revisions_article ON revisions(article_id);
CREATE INDEX revisions_snapshot ON revisions(snapshot_id) WHERE snapshot_id IS NOT NULL;

-- What a later reader made of a page that was already read: kept apart from the revisions, which are the site's own.
CREATE TABLE rereadings (
  id INTEGER PRIMARY KEY,           -- Number
  revision_id INTEGER NOT NULL REFERENCES revisions(id), -- Revision that was read again
  run_id INTEGER NOT NULL REFERENCES runs(id), -- Run that did it
  from_version TEXT,                -- Reader before
  to_version TEXT,                  -- Reader now
  changed TEXT NOT NULL             -- Fields that came out differently, JSON list
);
CREATE INDEX rereadings_revision ON rereadings(revision_id);

-- Addresses of articles: several URLs can be one article.
CREATE TABLE article_urls (
  url_id INTEGER PRIMARY KEY REFERENCES frontier(id), -- The address
  article_id INTEGER NOT NULL REFERENCES articles(id) -- The article it shows
);
CREATE INDEX article_urls_article ON article_urls(article_id);

-- Points of key-points boxes.
CREATE TABLE key_points (
  article_id INTEGER NOT NULL REFERENCES articles(id), -- Article
  position INTEGER NOT NULL,        -- Place in the box, from 0
  text TEXT NOT NULL,               -- The point
  PRIMARY KEY (article_id, position)
) WITHOUT ROWID;

-- Cards and read-also links of articles.
CREATE TABLE related_links (
  article_id INTEGER NOT NULL REFERENCES articles(id), -- Article that shows the link
  position INTEGER NOT NULL,        -- Place on the page, from 0
  url TEXT NOT NULL,                -- Where it leads
  title TEXT,                       -- As the card shows it
  category TEXT,                    -- As the card shows it
  date_published TEXT,              -- As precise as the card is, ISO 8601
  PRIMARY KEY (article_id, position)
) WITHOUT ROWID;

-- Pictures of articles.
CREATE TABLE images (
  article_id INTEGER NOT NULL REFERENCES articles(id), -- Article that shows it
  position INTEGER NOT NULL,        -- Place, from 0; the main one is first
  url TEXT NOT NULL,                -- Where it is
  caption TEXT,                     -- As shown
  credit TEXT,                      -- As shown
  PRIMARY KEY (article_id, position)
) WITHOUT ROWID;

-- Names that articles give as their authors.
CREATE TABLE authors (
  id INTEGER PRIMARY KEY,           -- Number of the name
  name TEXT NOT NULL UNIQUE         -- As shown, without roles
);
-- Who wrote what.
CREATE TABLE article_authors (
  article_id INTEGER NOT NULL REFERENCES articles(id), -- Article
  position INTEGER NOT NULL,        -- Order in the byline, from 0
  author_id INTEGER NOT NULL REFERENCES authors(id), -- Author
  PRIMARY KEY (article_id, position)
) WITHOUT ROWID;
CREATE INDEX article_authors_author ON article_authors(author_id);

-- Topics that articles name.
CREATE TABLE tags (
  id INTEGER PRIMARY KEY,           -- Number of the topic
  name TEXT NOT NULL UNIQUE         -- As shown
);
-- Which article names which topic.
CREATE TABLE article_tags (
  article_id INTEGER NOT NULL REFERENCES articles(id), -- Article
  position INTEGER NOT NULL,        -- Order on the page, from 0
  tag_id INTEGER NOT NULL REFERENCES tags(id), -- Topic
  PRIMARY KEY (article_id, position)
) WITHOUT ROWID;
CREATE INDEX article_tags_tag ON article_tags(tag_id);

-- What was malformed on the page of an article's current reading.
CREATE TABLE problems (
  article_id INTEGER NOT NULL REFERENCES articles(id), -- Article
  position INTEGER NOT NULL,        -- Order found, from 0
  field TEXT NOT NULL,              -- Field it concerns
  reason TEXT NOT NULL,             -- What is wrong
  PRIMARY KEY (article_id, position)
) WITHOUT ROWID;

-- What was taken down: no text of it is left, and its addresses are never fetched again.
CREATE TABLE tombstones (
  id INTEGER PRIMARY KEY,           -- Number
  public_id TEXT NOT NULL UNIQUE,   -- Name the article had
  url TEXT NOT NULL,                -- Address the article had
  site_id INTEGER REFERENCES sites(id), -- Site it stood on
  reason TEXT NOT NULL,             -- Why it was taken down
  taken_down_at TEXT NOT NULL       -- UTC
);

-- What each table, view and column means.
CREATE TABLE documentation (
  table_name TEXT NOT NULL,         -- Table or view
  column_name TEXT NOT NULL,        -- Column; empty for the table itself
  description TEXT NOT NULL,        -- What it means
  PRIMARY KEY (table_name, column_name)
) WITHOUT ROWID;

-- Every article in one row, with names in place of numbers.
CREATE VIEW articles_flat AS SELECT
  a.id,                             -- Number of the article
  a.public_id,                      -- Name of the article for citing
  s.key AS site,                    -- Site
  s.name AS publisher,              -- Publisher's name
  a.url,                            -- Address
  a.title,                          -- Headline
  a.lead,                           -- Standfirst
  a.key_points,                     -- Points of the key-points box, one a line
  a.category,                       -- Most specific section
  (SELECT group_concat(name, '; ') FROM (SELECT n.name FROM article_authors l JOIN authors n ON n.id = l.author_id WHERE l.article_id = a.id ORDER BY l.position)) AS authors, -- Names in order, parted by semicolons
  (SELECT group_concat(name, '; ') FROM (SELECT n.name FROM article_tags l JOIN tags n ON n.id = l.tag_id WHERE l.article_id = a.id ORDER BY l.position)) AS tags, -- Topics in order, parted by semicolons
  a.date_published,                 -- UTC
  a.date_published_zone,            -- Offset the page gave
  a.date_modified,                  -- UTC
  a.language,                       -- BCP 47
  a.access,                         -- free or paywall
  a.page_kind,                      -- article, live, gallery, video
  a.first_seen,                     -- When the archive first read it, UTC
  a.last_seen,                      -- When the site last showed it, UTC
  a.withdrawn_at,                   -- When it was seen to be removed, UTC
  (SELECT count(*) FROM revisions r WHERE r.article_id = a.id) AS revisions, -- How many distinct readings there are
  p.provenance,                     -- Field to the reading that gave it, JSON
  a.words,                          -- Number of words in the body
  a.body                            -- Plain text
FROM articles a JOIN sites s ON s.id = a.site_id LEFT JOIN provenances p ON p.id = a.provenance_id;

-- How many articles each site published on each day.
CREATE VIEW coverage_by_day AS SELECT
  s.key AS site,                    -- Site
  substr(a.date_published, 1, 10) AS day, -- Day of publication, UTC; null where the page gives none
  count(*) AS articles              -- How many articles
FROM articles a JOIN sites s ON s.id = a.site_id GROUP BY a.site_id, substr(a.date_published, 1, 10);

-- Articles that changed after they were first read, latest change first.
CREATE VIEW latest_revisions AS SELECT
  r.id AS revision_id,              -- Number of the revision
  a.public_id,                      -- Name of the article
  s.key AS site,                    -- Site
  a.title,                          -- Present headline
  r.seen_first,                     -- When the change was seen, UTC
  r.outcome,                        -- changed or worse
  r.changed,                        -- Fields that differ from the reading before, JSON list
  a.url                             -- Address
FROM revisions r JOIN articles a ON a.id = r.article_id JOIN sites s ON s.id = a.site_id
WHERE r.outcome <> 'new' ORDER BY r.seen_first DESC;
