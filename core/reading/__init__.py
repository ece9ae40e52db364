"""The work: frames → samples with people followed through them."""
