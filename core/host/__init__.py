"""What this machine allows: where data lies, limits, what a process may reach."""
