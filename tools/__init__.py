"""What builds, locks and checks the project. Nothing here runs in service."""
