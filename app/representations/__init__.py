"""One person acting for another: who may, by whose word, and for how long."""
