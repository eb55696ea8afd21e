"""What a model streams, read as sentences with citation marks. Nothing that it sends is trusted."""
