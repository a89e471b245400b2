"""Members who bring friends. What that pays is a mission's affair."""
