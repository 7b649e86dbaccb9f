"""Looking in on people."""
