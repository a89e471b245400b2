"""The points ledger: the only code that moves points. Features call `pwa.ledger.service`.

Every movement is one transaction of one member, made of entries. An entry debits one
account, credits another, and names the lot it moved; wallets and lots only cache what the
entries say, and `setia ledger verify` recomputes them.
"""
