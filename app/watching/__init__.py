"""Whether this installation works: for whoever types `check`, for a balancer, and for a monitor."""
