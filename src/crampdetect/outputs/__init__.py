"""Documents, exports and plots of results."""
