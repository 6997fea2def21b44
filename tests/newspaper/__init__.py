"""The Veslyn Courier: a made-up newspaper on loopback, to crawl, to test on and to show.

Its stories are data (stories/*.toml), its markups are templates (markups.py), so the record that each page must
give is known by construction (expected.py).
"""
