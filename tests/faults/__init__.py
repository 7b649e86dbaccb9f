"""The database server and the program killed with -9 while people book: what was acknowledged stays, once."""
