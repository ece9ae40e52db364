"""Use cases between the store and the domain, without a screen."""
