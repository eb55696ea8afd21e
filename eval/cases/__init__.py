"""Questions with known answers, and the papers they are asked over."""
