"""Safety: reports and the desk's answer, blocking, suspension, house rules, and the safety file with its own door."""
