"""Earning: what a purchase is worth in points, and which campaigns are on."""
