"""What is kept: recording files in and out, and the episode log."""
