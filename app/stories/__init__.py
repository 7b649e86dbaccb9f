"""Verhalen: what people tell about help that was given and had, looked at before it shows."""
