"""What is kept: the shelf's database."""
