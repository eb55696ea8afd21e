"""What an answer is worth: every measure, its label and its scorer."""
