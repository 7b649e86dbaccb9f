"""Moving house: what one or more municipalities have here goes to another installation, whole, with its keys."""
