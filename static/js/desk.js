// The till's page without a network. A voucher is judged by its signature (ECDSA on P-256, checked by
// WebCrypto), by what this till knows of, and by what the owner lets a till risk; a purchase only waits.
const { kept, queue, put, again } = globalThis.setiaTill;
const SIGNED = /^SV1\.([2-9A-HJ-NP-Z]{8})\.([0-9a-z]{1,8})\.(\d{1,10})\.([a-z0-9-]{1,40})\.[\w-]{86}$/;
const words = document.getElementById("desk-words").dataset;
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const rupiah = (amount) => `Rp${String(amount).replace(/\B(?=(\d{3})+$)/g, ".")}`;
const fours = (code) => code.match(/.{1,4}/g).join(" ");
const newKey = () => crypto.randomUUID().replaceAll("-", "").slice(0, 16);

async function isGenuine(text, publicKey) {
  const way = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes(publicKey), way, false, ["verify"]);
  const dot = text.lastIndexOf(".");
  return crypto.subtle.verify(way, key, bytes(text.slice(dot + 1)), new TextEncoder().encode(text.slice(0, dot)));
}

function isHour({ weekdays, from_time: from, until_time: until, use_from: first }, zone, at) {
  if (first && at < Date.parse(first)) return false;
  const way = { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en", way).formatToParts(at).map(({ type, value }) => [type, value]));
  if (weekdays.length && !weekdays.includes(parts.weekday.toLowerCase())) return false;
  const time = `${parts.hour}:${parts.minute}`;
  const since = from || "00:00";
  const end = until || "24:00";
  return since <= end ? since <= time && time < end : since <= time || time < end;
}

// {voucher} that may be handed over, or {why} not.
async function judge(text, till, past, at) {
  const found = SIGNED.exec(text);
  const typed = text.toUpperCase().replace(/\s/g, "");
  if (!found) return /^[2-9A-HJ-NP-Z]{8}$/.test(typed) ? { why: "unsigned", code: typed } : { why: "unknown" };
  const [, code, ends36, worthText, rewardCode] = found;
  const [ends, worth, reward] = [parseInt(ends36, 36) * 1000, Number(worthText), till.rewards[rewardCode]];
  const risked = past.filter((act) => act.state === "waiting").reduce((sum, act) => sum + (act.worth || 0), 0);
  if (!(await isGenuine(text, till.key))) return { why: "forged" };
  if (till.spent.includes(code) || past.some((act) => act.id === code)) return { why: "used", code };
  if (at >= ends) return { why: "late", code };
  if (!reward) return { why: "changed", code };
  if (reward.outlets.length && !reward.outlets.includes(till.outlet)) return { why: "elsewhere", code };
  if (!isHour(reward, till.zone, at)) return { why: "hour", code };
  if (!worth || worth > till.most_rupiah) return { why: "dear", code };
  if (risked + worth > till.total_rupiah) return { why: "full", code };
  return { voucher: { code, text, ends, worth, what: reward.hand_over, charge: reward.charge, minimum: reward.minimum } };
}

// A card's code turns every half minute (pwa/members/card_codes.py). Its secret is the server's, so
// here only its time can be judged: an old picture is refused, a forged code is found out later.
const TURN_S = 30;
const SLACK_TURNS = 10;

function cardOf(text, at) {
  const [, scanned, turn] = /^SC1\.(\d{10})\.([0-9a-z]{1,8})\.[\w-]{8}$/.exec(text) || [];
  const digits = scanned || text.replace(/\s/g, "").replace(/^[A-Za-z]+/, "");
  if (!/^\d{10}$/.test(digits) || Number(digits) % 97 !== 1) return null;
  const off = turn ? Math.abs(parseInt(turn, 36) - Math.floor(at / 1000 / TURN_S)) : 0;
  return { digits, isStale: off > SLACK_TURNS };
}

function step(name, filled = {}) {
  for (const part of document.querySelectorAll("[data-step]")) part.hidden = part.dataset.step !== name;
  const part = document.querySelector(`[data-step="${name}"]`);
  for (const [slot, text] of Object.entries(filled)) {
    for (const place of part.querySelectorAll(`[data-fill="${slot}"]`)) place.textContent = text;
    for (const place of part.querySelectorAll(`[data-if="${slot}"]`)) place.hidden = !text;
  }
  scrollTo(0, 0);
  return part;
}

const refuse = (why, code) => {
  navigator.vibrate?.([60, 40, 60]);
  const [title, text] = words[why].split("|");
  const part = step("bad", { title, text: text.replace("{most}", rupiah(state.till.most_rupiah)).replace("{total}", rupiah(state.till.total_rupiah)), code: code ? fours(code) : "" });
  part.querySelector(".facts").hidden = !code;
};

const state = { till: null, voucher: null, card: null };
const now = () => Date.now() + (state.till?.skew_ms || 0);
const body = (fields) => String(new URLSearchParams([...fields, ["made_at", new Date(now()).toISOString()], ["who", state.till.who]]));

async function open(text) {
  const card = cardOf(text, now());
  for (const part of document.querySelectorAll("[data-unknown], [data-stale]")) part.hidden = true;
  if (card?.isStale) {
    document.querySelector("[data-stale]").hidden = false;
    return;
  }
  if (card) {
    state.card = { text, shown: fours(card.digits) };
    step("sale", { card: state.card.shown }).querySelector("[data-amount]").focus();
    return;
  }
  const { voucher, why, code } = await judge(text, state.till, await queue(), now());
  if (why === "unknown") {
    document.querySelector("[data-unknown]").hidden = false;
    return;
  }
  if (!voucher) return refuse(why, code);
  state.voucher = voucher;
  navigator.vibrate?.(40);
  step("ok", { ...asked(voucher), minimum: voucher.minimum ? rupiah(voucher.minimum) : "", worth: rupiah(voucher.worth) });
}

// What the cashier has to do with a voucher: hand over, and ask for so much.
const asked = ({ what, code, charge }) => ({ what, code: fours(code), charge: charge ? rupiah(charge) : "" });

async function take(voucher, key = newKey()) {
  const { code, text, ends, worth } = voucher;
  const fields = [["kind", "voucher"], ["key", key], ["code", text]];
  try {
    await put({ id: code, kind: "voucher", worth, ends, body: body(fields) });
  } catch {
    return refuse("used", code);
  }
  return step("given", asked(voucher));
}

async function record(fields, shown) {
  const amount = fields.find(([name]) => name === "amount")[1].replace(/\D/g, "");
  const key = fields.find(([name]) => name === "key")[1];
  await put({ id: key, kind: "purchase", amount: Number(amount), body: body([["kind", "purchase"], ...fields]) }).catch(() => {});
  step("noted", { amount: rupiah(amount), card: shown });
}

// What a form was sending when the network went: the worker hands it on behind the #.
async function resume() {
  const sent = new URLSearchParams(location.hash.slice(1));
  const path = sent.get("path") || "";
  history.replaceState(null, "", location.pathname + location.search);
  const [, kind, code] = /^\/till\/(members|vouchers)\/(\w+)\/(?:purchases|uses)$/.exec(path) || [];
  if (path === "/till/codes") return open((sent.get("code") || "").trim());
  if (kind === "vouchers") {
    const ends = Date.parse(sent.get("ends"));
    return take({ code, text: code, ends, worth: Number(sent.get("worth")), what: sent.get("what"), charge: Number(sent.get("charge")) }, sent.get("key"));
  }
  const fields = [...sent].filter(([name]) => /^(key|amount|category|eco|[nc]-.*)$/.test(name));
  if (kind === "members") return record([["code", code], ...fields], fours(code));
  if (path) document.querySelector("[data-needs-signal]").hidden = false;
  return null;
}

async function count() {
  const waits = (await queue()).filter((act) => act.state === "waiting");
  const place = document.querySelector("[data-waiting]");
  place.hidden = !waits.length;
  place.querySelector("b").textContent = words.waits.replace("{count}", waits.length);
}

async function start() {
  state.till = await kept();
  if (!state.till) return step("nobody");
  step("start", { name: state.till.name, outlet: state.till.outlet_name });
  document.querySelector(".goods__list").insertAdjacentHTML("beforeend", state.till.shelf);
  await count();
  await resume();
  if (new URLSearchParams(location.search).has("kamera")) document.querySelector("[data-scan-start]")?.click();
  return again();
}

const on = (name, act) => document.querySelector(`form[data-desk="${name}"]`).addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = [...new FormData(event.target)];
  Promise.resolve(act(fields)).then(count).finally(() => event.target.dispatchEvent(new CustomEvent("setia:failed", { bubbles: true })));
});
on("code", (fields) => open(String(fields[0][1]).trim()));
on("take", () => take(state.voucher));
on("sale", (fields) => record([["code", state.card.text], ["key", newKey()], ...fields], state.card.shown));
// What waited has been told: from here on the usual till knows more than this page.
document.addEventListener("setia:till", () => {
  document.querySelector("[data-far]").hidden = true;
  document.querySelector("[data-back]").hidden = false;
  count();
});
start().catch(() => step("nobody"));
