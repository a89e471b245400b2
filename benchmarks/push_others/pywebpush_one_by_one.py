"""pywebpush, one message after the other: SUBSCRIPTIONS.json VAPID.pem COUNT"""

import json
import sys
import time
from pathlib import Path

from pywebpush import webpush

subscriptions = json.loads(Path(sys.argv[1]).read_text())
count = int(sys.argv[3])
began = time.time()
for n in range(count):
    one = subscriptions[n % len(subscriptions)]
    webpush(
        {"endpoint": one["endpoint"], "keys": one["keys"]},
        one["message"],
        vapid_private_key=sys.argv[2],
        vapid_claims={"sub": "mailto:bench@example.com"},
        ttl=3600,
    )
print(json.dumps({"messages": count, "seconds": time.time() - began}))
