"""One module per feature, with a ``router`` that the composition root includes."""
