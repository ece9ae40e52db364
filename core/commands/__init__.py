"""What the command line can do beside reading."""
