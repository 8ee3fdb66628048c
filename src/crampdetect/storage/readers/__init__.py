"""Recording formats, a file each, all yielding Samples."""
