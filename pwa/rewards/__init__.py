"""Rewards: the catalogue, redemption, vouchers."""
