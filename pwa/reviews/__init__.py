"""What members think: a review of a purchase, and the shop's surveys."""
