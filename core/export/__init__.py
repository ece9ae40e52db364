"""Everything that leaves: tables, bundles, stories, films, annotations, charts."""
