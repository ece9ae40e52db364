"""What leaves the shelf: files, annotations, films, stories, bundles."""
