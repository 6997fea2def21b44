-- Version 2: search, facets and near-duplicates.
-- @rebuild

ALTER TABLE articles ADD COLUMN search_terms TEXT GENERATED ALWAYS AS (NULL) VIRTUAL; -- Always null: the full-text index keeps lemmas, site, section, author, topic and language of the article under this name

-- Sections of articles by article, so that a search's facets need not read the articles themselves.
CREATE INDEX articles_facets ON articles(id, site_id, category);

-- Full-text index. Words are folded (case, apostrophes, diacritics) with their lemmas beside them; ask it by `pressmark search` or the SQL function pressmark_match.
CREATE VIRTUAL TABLE articles_fts USING fts5(
  body,                             -- Body's words; the first column takes two bytes less for each word than the others
  title,                            -- Headline's words
  lead,                             -- Standfirst's words
  key_points,                       -- Key points' words
  search_terms,                     -- Lemmas of all of them; q-words of the headline's lemmas (qh), site (qs), section (qc), author (qa), topic (qt), language (ql)
  content="articles",
  content_rowid="id",
  tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);

-- How many articles there are of each site, section, language and day, kept up by the writer.
CREATE TABLE facet_counts (
  kind TEXT NOT NULL,               -- site, category, language or day
  value TEXT NOT NULL,              -- Site's key, section, language, or day of publication (of the first sighting, where no date is given)
  articles INTEGER NOT NULL,        -- How many articles
  PRIMARY KEY (kind, value)
) WITHOUT ROWID;

-- Where near-duplicates are looked up: texts that share a band of MinHash values are compared.
CREATE TABLE duplicate_bands (
  band INTEGER NOT NULL,            -- Number of the band and 28 bits of the hash of its values, less 2**31: four bytes
  article_id INTEGER NOT NULL,      -- Article
  PRIMARY KEY (band, article_id)
) WITHOUT ROWID;

-- Articles whose text stands elsewhere too, by cluster.
CREATE TABLE duplicates (
  article_id INTEGER PRIMARY KEY REFERENCES articles(id) DEFERRABLE INITIALLY DEFERRED, -- Article
  cluster_id INTEGER NOT NULL,      -- Lowest article number of the cluster, which is the one published first
  nearest_id INTEGER NOT NULL,      -- Article of the cluster whose text is most alike
  distance REAL NOT NULL            -- From that one: 0 is the same text, 1 has nothing in common (1 - Jaccard of 4-word shingles)
);
CREATE INDEX duplicates_cluster ON duplicates(cluster_id);

-- Clusters of near-duplicates, largest first.
CREATE VIEW duplicate_clusters AS SELECT
  d.cluster_id,                     -- Number of the cluster
  count(*) AS articles,             -- How many articles
  count(DISTINCT a.site_id) AS sites, -- On how many sites
  f.public_id AS first_article,     -- Article published first
  s.key AS first_site,              -- Site that published first
  f.title AS title,                 -- Its headline
  f.date_published AS first_published, -- When, UTC
  max(d.distance) AS distance       -- Greatest distance of an article from its nearest
FROM duplicates d JOIN articles a ON a.id = d.article_id
JOIN articles f ON f.id = d.cluster_id JOIN sites s ON s.id = f.site_id
GROUP BY d.cluster_id ORDER BY count(*) DESC;
