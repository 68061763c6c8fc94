"""What the office floor promises, one sentence a test."""
