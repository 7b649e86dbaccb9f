"""A backup is one encrypted file: a manifest, what stands in the data folder, and the database of one moment."""
