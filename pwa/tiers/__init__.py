"""Tiers: qualifying points by calendar year, levels and what they bring."""
