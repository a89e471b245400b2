"""Check a past spin of a Setia wheel without trusting the shop: python3 check_spin.py spin.json

The shop published `commitment` before the day, and the seed after it. Compare the commitment in
the file with the one you saw. How numbers are made is told in games/fairness.py.
"""

import hashlib
import hmac
import json
import sys
from itertools import accumulate


def roll(seed, message, total):
    fair, number = 2**64 - 2**64 % total, 0
    while True:
        told = message if number == 0 else f"{message}\n{number}"
        block = hmac.new(bytes.fromhex(seed), told.encode(), hashlib.sha256).digest()
        for word in (int.from_bytes(block[i : i + 8], "big") for i in range(0, 32, 8)):
            if word < fair:
                return word % total
        number += 1


with open(sys.argv[1], encoding="utf-8") as file:
    spin = json.load(file)
wheel = json.dumps(spin["slices"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
version = hashlib.sha256(wheel.encode()).hexdigest()
day = f"{spin['seed_hex']}|{spin['on']}|{version}"
wrong = [] if hashlib.sha256(day.encode()).hexdigest() == spin["commitment"] else ["commitment"]
mine = [s for s in spin["slices"] if not s["tier"] or s["tier"] in spin["tiers"]]
ticket = f"{spin['member_public_id']}|{spin['ticket_number']}|{spin['member_seed']}"
rolled = roll(spin["seed_hex"], ticket, sum(s["weight"] for s in mine))
wrong += [] if rolled == spin["roll"] else ["roll"]
ends = accumulate(s["weight"] for s in mine)
landed = next(s["code"] for s, end in zip(mine, ends, strict=True) if rolled < end)
wrong += [] if landed == spin["raw"] else ["raw"]
wrong += [] if spin["given"] in (spin["raw"], spin["consolation"]) else ["given"]
print(f"rolled {rolled}: {landed}.", f"WRONG: {', '.join(wrong)}" if wrong else "All as promised.")
sys.exit(1 if wrong else 0)
