"""What people can do on ZorgvoorElkaar: one folder per feature."""
