"""What screens hold and no widget knows."""
