"""What row-level security and the checks of the program cost."""
