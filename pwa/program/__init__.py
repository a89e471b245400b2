"""This shop's program: one validated, versioned document that every feature reads."""
