"""The social map (sociale kaart): what organisations have for residents."""
