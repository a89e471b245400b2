"""The cashier's phone: scan, purchase, voucher."""
