// What waits on this device to be sent, and the forms to fill in without coverage. All that is private is sealed with
// the key of its owner, which only the server gives out and only to them: whoever signs in next finds it closed.

const ROOT = new URL("../", import.meta.url);
const DATABASE = "bekwaam";
const SCHEMA = 1; // Of an entry. One that a newer version of this file made is left as it is until that file is here.
const DAY = 24 * 60 * 60 * 1000;
const KEPT = 30 * DAY; // What nobody came back for.
const PATIENCE = 20_000;
const UNSENT = ["waiting", "sending", "refused", "conflict"];
const STEPS = [
  (database) => {
    database.createObjectStore("entries", { keyPath: "key" });
    database.createObjectStore("forms", { keyPath: ["account", "url"] });
    database.createObjectStore("device", { keyPath: "name" });
  },
]; // One for each version of the database, never changed once it was out.

export const changes = new BroadcastChannel("bekwaam");
let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asking = indexedDB.open(DATABASE, STEPS.length);
    asking.onupgradeneeded = ({ oldVersion }) => STEPS.slice(oldVersion).forEach((step) => step(asking.result));
    asking.onerror = () => reject(asking.error);
    asking.onsuccess = () => {
      asking.result.onclose = asking.result.onversionchange = () => {
        asking.result.close();
        opened = undefined;
      };
      resolve(asking.result);
    };
  }).catch((failure) => {
    opened = undefined;
    throw failure;
  });
  return opened;
}

// Does the work on a store in one transaction, and returns what came of its last request once it is on the disk.
async function within(store, work, mode = "readwrite") {
  const transaction = (await database()).transaction(store, mode, { durability: "strict" });
  return new Promise((resolve, reject) => {
    const request = work(transaction.objectStore(store), transaction);
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? request?.error);
  });
}

const one = (store, key) => within(store, (rows) => rows.get(key), "readonly");
const all = (store) => within(store, (rows) => rows.getAll(), "readonly");
const put = (store, row) => within(store, (rows) => rows.put(row));
const take = (store, key) => within(store, (rows) => rows.delete(key));

function tell(said) {
  changes.postMessage(said);
  changes.onmessage?.({ data: said }); // A channel does not speak to itself.
}

// --- Whose this is ---

// Returns for whom this device can read and keep now: null where nobody signed in, or longer ago than a session lasts.
export async function holder() {
  const known = await one("device", "holder");
  if (known && known.until > Date.now()) return known;
  if (known) await leave(known.account);
  return null;
}

async function meet(told) {
  const before = await one("device", "holder");
  if (before && before.account !== told.account) await leave(before.account);
  const bytes = Uint8Array.from(told.key.match(/../g), (digits) => parseInt(digits, 16));
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  await put("device", { name: "holder", account: told.account, key, until: Date.parse(told.until) });
  for (const row of await all("entries")) {
    const old = row.state === "sent" ? DAY : KEPT;
    if (row.made < Date.now() - old && row.account !== told.account) await take("entries", row.key);
    else if (row.state === "sent" && row.made < Date.now() - DAY) await take("entries", row.key);
  }
  if (before?.account !== told.account) tell({});
}

// Closes what is of a person: the forms go, the key goes, and what waits stays sealed until they sign in again.
export async function leave(account) {
  await take("device", "holder");
  for (const row of await all("forms")) if (row.account === account) await take("forms", [row.account, row.url]);
  tell({});
}

// Removes everything of a person, what waits too.
export async function forget(account) {
  for (const row of await all("entries")) if (row.account === account) await take("entries", row.key);
  await leave(account);
}

async function seal(key, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

const unseal = (key, { iv, data }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
const sealed = (key, value) => seal(key, new TextEncoder().encode(JSON.stringify(value)));
const read = async (key, box) => JSON.parse(new TextDecoder().decode(await unseal(key, box)));

// --- Forms to fill in ---

export async function keepForm(form) {
  const me = await holder();
  if (me) await put("forms", { account: me.account, url: form.url, at: Date.now(), box: await sealed(me.key, form) });
}

export async function keptForms() {
  const me = await holder();
  const mine = me ? (await all("forms")).filter((row) => row.account === me.account) : [];
  return Promise.all(mine.map(async (row) => ({ ...(await read(me.key, row.box)), at: row.at })));
}

export async function dropForm(url) {
  const me = await holder();
  if (me) await take("forms", [me.account, url]);
}

// --- What waits ---

// Keeps what was typed; under a key that is there already it takes the place of what stood there.
export async function add(entry, file) {
  const me = await holder();
  if (!me) throw new DOMException("nobody is signed in", "NotAllowedError");
  const box = await sealed(me.key, { ...entry, file: file && { name: file.name, type: file.type } });
  const content = file ? await seal(me.key, await file.arrayBuffer()) : null;
  const row = { key: entry.key, account: me.account, schema: SCHEMA, state: "waiting", made: Date.now(), box, content };
  await within("entries", (rows) => {
    const standing = rows.get(entry.key);
    standing.onsuccess = () => {
      const before = standing.result?.account === me.account ? standing.result : null;
      rows.put({ ...row, turn: (before?.turn ?? 0) + 1, made: before?.made ?? row.made, content: content ?? before?.content ?? null });
    };
  });
  tell({ key: entry.key, state: "waiting" });
}

// Returns what is there, the oldest first; of somebody else only that there is something.
export async function entries() {
  const me = await holder();
  const rows = (await all("entries")).sort((a, b) => a.made - b.made);
  return Promise.all(rows.map((row) => shown(row, me)));
}

// Returns how everything stands that is here, without opening it.
export async function standings() {
  const me = await holder();
  return (await all("entries")).map(({ key, state, account }) => ({ key, state, closed: account !== me?.account }));
}

async function shown({ box, content, ...row }, me) {
  if (row.account !== me?.account || row.schema > SCHEMA) return { ...row, closed: true };
  return { ...(await read(me.key, box)), ...row, hasFile: Boolean(content) };
}

export const isUnsent = (entry) => UNSENT.includes(entry.state);

export async function remove(key) {
  await take("entries", key);
  tell({ key, state: "removed" });
}

// Notes how an entry stands, unless its owner changed it while it was under way: then it stays to be sent as it is now.
async function settle(row, me, state, more) {
  const before = await read(me.key, row.box);
  const after = state === "sent" ? { title: before.title, kind: before.kind } : before;
  const box = await sealed(me.key, { ...after, reasons: [], ...more });
  const content = state === "sent" ? null : row.content;
  await within("entries", (rows) => {
    const standing = rows.get(row.key);
    standing.onsuccess = () => {
      if (standing.result?.turn === row.turn) rows.put({ ...row, state, box, content });
    };
  });
  tell({ key: row.key, state });
}

// --- Sending ---

// Sends what waits, in one tab at a time; returns ready, away (no coverage), sign_in, later or busy (another tab does it).
export function sendAll(going) {
  const options = going ? {} : { ifAvailable: true };
  return navigator.locks.request("bekwaam-sender", options, (lock) => (lock ? run(going) : "busy"));
}

async function run(going) {
  const told = await ask();
  if (told.state !== "ready") return told.state;
  await meet(told);
  const me = await holder();
  let ended = "ready";
  for (const row of (await all("entries")).sort((a, b) => a.made - b.made)) {
    if (row.account !== told.account || row.schema > SCHEMA || !["waiting", "sending"].includes(row.state)) continue;
    const end = await send(row, me, told, row.key === going);
    if (end === "away" || end === "sign_in") return end;
    if (end === "later") ended = end;
  }
  return ended;
}

async function ask() {
  try {
    const answer = await fetch(new URL("device/account", ROOT), options({ signal: AbortSignal.timeout(PATIENCE) }));
    const told = await answer.json();
    return answer.ok && told.key ? { ...told, state: "ready" } : { state: told.state === "sign_in" ? "sign_in" : "away" };
  } catch {
    return { state: "away" };
  }
}

function options(more, headers) {
  return { cache: "no-store", redirect: "error", ...more, headers: { Accept: "application/json", ...headers } };
}

async function send(row, me, told, isGoing) {
  const entry = await read(me.key, row.box);
  await settle(row, me, "sending");
  const end = await post(entry, row, me, told, isGoing);
  const { state, url, reasons = [], page = "", standing = [] } = end;
  if (state === "done") await settle(row, me, "sent", { url });
  else if (state === "refused" || state === "conflict") await settle(row, me, state, { reasons, page, standing });
  else await settle(row, me, "waiting");
  return state === "done" || state === "refused" || state === "conflict" ? "ready" : state;
}

async function post(entry, row, me, told, isGoing, isAgain = false) {
  const headers = { "X-CSRFToken": told.token, "Bekwaam-Account": row.account };
  if (isGoing) headers["Bekwaam-Goes-On"] = "1";
  try {
    const signal = AbortSignal.timeout(row.content ? 6 * PATIENCE : PATIENCE);
    const body = await bodyOf(entry, row, me);
    const answer = await fetch(new URL(entry.url, ROOT), options({ method: "POST", body, signal }, headers));
    const said = await answer.json();
    if (said.state !== "token") return said.state ? said : { state: "later" };
    const fresh = isAgain ? { state: "later" } : await ask();
    if (fresh.state !== "ready") return fresh;
    return fresh.account === row.account ? post(entry, row, me, fresh, isGoing, true) : { state: "sign_in" };
  } catch {
    return { state: "away" }; // Nobody knows whether it arrived: the same key makes sending it again harmless.
  }
}

async function bodyOf(entry, row, me) {
  if (!row.content) return new URLSearchParams(entry.fields); // As without script: a form in parts has a limit.
  const body = new FormData();
  entry.fields.forEach(([name, value]) => body.append(name, value));
  body.append("file", new File([await unseal(me.key, row.content)], entry.file.name, { type: entry.file.type }));
  return body;
}

// --- Small things ---

// Returns a UUID of version 7: the key under which something is logged once, however often it is sent.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 0, left = Date.now(); at < 6; at += 1, left = Math.floor(left / 256)) bytes[5 - at] = left % 256;
  bytes[6] = 0x70 | (bytes[6] & 15);
  bytes[8] = 0x80 | (bytes[8] & 63);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, "$1-$2-$3-$4-$5");
}

export const language = async () => (await one("device", "language"))?.code;
export const speak = (code) => put("device", { name: "language", code });
