"""A hostile visitor of a hosted server: thirteen kinds of attack, each a module with a function ``attack``."""
