// npm web-push with 64 in flight: SUBSCRIPTIONS.json PUBLIC PRIVATE COUNT
const { readFileSync } = require("node:fs");
const http = require("node:http");
const webpush = require("web-push");

const [, , file, publicKey, privateKey, count] = process.argv;
const subscriptions = JSON.parse(readFileSync(file));
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const options = {
  TTL: 3600,
  urgency: "low",
  topic: "promo",
  vapidDetails: { subject: "mailto:bench@example.com", publicKey, privateKey },
};

// web-push only ever speaks https; the sink has no certificate. Same work otherwise.
require("node:https").request = (given, seen) => http.request({ ...given, agent }, seen);

async function main() {
  let next = 0;
  const began = Date.now();
  const worker = async () => {
    while (next < Number(count)) {
      const one = subscriptions[next++ % subscriptions.length];
      await webpush.sendNotification({ endpoint: one.endpoint, keys: one.keys }, one.message, options);
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  console.log(JSON.stringify({ messages: Number(count), seconds: (Date.now() - began) / 1000 }));
  agent.destroy();
}

main();
