// Lets forms be filled in without coverage: keeps them on the device, keeps what was typed, and sends it once it can.
// Without this script, or in a browser that cannot keep anything closed, every form works as always.

const ROOT = new URL("../", import.meta.url);
const { language, account } = { language: document.documentElement.lang, account: document.body.dataset.account };
const HOUR = 60 * 60 * 1000;
const MOST_FORMS = 20;
const SHORTEST = 15_000;
const LONGEST = 5 * 60_000;

export const able = isSecureContext && "serviceWorker" in navigator && "locks" in navigator && "indexedDB" in window;
export let queue = null;
let me = null;
let pause = SHORTEST;
let timer = 0;

// A browser may refuse to keep anything: then this is a site like any other.
export const ready = able ? begin().catch(() => {}) : null;
ready?.then(goOn).catch(() => {});

async function begin() {
  queue = await import(`./queue.js${new URL(import.meta.url).search}`);
  me = await queue.holder();
  if (me && account && me.account !== account) {
    await queue.leave(me.account); // Whoever was here before: nothing of theirs is shown from now on.
    me = null;
  }
  document.addEventListener("submit", submitted, true);
}

async function goOn() {
  if (account && !me) {
    await queue.sendAll();
    me = await queue.holder();
  }
  await queue.speak(language);
  addEventListener("online", () => sendSoon(0));
  queue.changes.addEventListener("message", count);
  await count();
  await sendSoon(0);
  if (!account) return;
  navigator.serviceWorker.register(new URL("worker.js", ROOT), { type: "module" }).catch(() => {});
  await keepForms();
}

// --- Sending by itself ---

export async function sendSoon(wait) {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const there = await queue.standings();
    if (!there.some((entry) => !entry.closed && ["waiting", "sending"].includes(entry.state))) return;
    const ended = await queue.sendAll();
    document.dispatchEvent(new CustomEvent("offline-sent", { detail: ended }));
    await count();
    pause = ended === "ready" ? SHORTEST : Math.min(2 * pause, LONGEST);
    if (ended !== "sign_in") sendSoon(pause);
  }, wait);
}

async function count() {
  const unsent = (await queue.standings()).filter((entry) => !entry.closed && queue.isUnsent(entry)).length;
  for (const place of document.querySelectorAll("[data-unsent]")) {
    place.textContent = unsent || "";
    place.hidden = !unsent;
  }
}

// --- Keeping forms ---

async function keepForms() {
  const known = Object.fromEntries((await queue.keptForms()).map((form) => [form.url, form.at]));
  const linked = [...document.querySelectorAll("main a[href]")].filter(isForm).map((link) => link.pathname + link.search);
  const offered = [...new Set(linked)];
  for (const remark of document.querySelectorAll("[data-all-requests]")) {
    remark.hidden = false;
    const over = Object.keys(known).filter((url) => url.endsWith("/submit") && !offered.includes(url));
    for (const url of over) await queue.dropForm(url);
  }
  const here = location.pathname + location.search;
  if (isForm(location) && document.querySelector("form[data-offline]:not([data-entry])")) {
    await queue.keepForm({ ...formIn(document.documentElement.outerHTML, here), language });
  }
  for (const url of offered.filter((one) => one !== here).slice(0, MOST_FORMS)) {
    if (!(known[url] > Date.now() - HOUR)) await keepForm(url);
  }
}

// One that starts with something of its own, such as an activity to log again, is no form to keep.
function isForm({ pathname, search }) {
  const isLog = /\/activities\/(new|series)$/.test(pathname) && !/like=|epa=/.test(search);
  return isLog || /\/assessments\/[0-9a-f-]+\/submit$/.test(pathname);
}

async function keepForm(url) {
  const answer = await fetch(url, { headers: { Accept: "text/html" }, redirect: "manual" });
  const kept = answer.ok && formIn(await answer.text(), url);
  if (kept) await queue.keepForm({ ...kept, language });
}

// Returns the form of a page with what it is about, as text that the browser can show again.
export function formIn(text, url) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const form = page.querySelector("form[data-offline]");
  if (!form) return null;
  for (const part of form.querySelectorAll("[name=csrf_token], [formaction], progress, [role=status]")) part.remove();
  if (!form.hasAttribute("action")) form.setAttribute("action", url);
  const lines = form.dataset.offline === "rate" ? "main .lead, main > p:not([class]), main > .notice blockquote" : "main .lead";
  const about = [...page.querySelectorAll(lines)].map(wordsOf).filter(Boolean);
  return { url, kind: form.dataset.offline, title: wordsOf(page.querySelector("h1")), about, html: form.outerHTML };
}

const wordsOf = (element) => element.textContent.replace(/\s+/g, " ").trim();

// --- Filling in ---

// Puts a kept form into a place, with what was typed before where there is an entry.
export function open(place, kept, entry) {
  place.innerHTML = kept.html;
  const form = place.querySelector("form");
  form.dataset.about = JSON.stringify(kept.about ?? []);
  form.dataset.title = kept.title;
  if (entry) {
    form.dataset.entry = entry.key;
    fill(form, entry.fields);
  } else if (form.elements.key) {
    form.elements.key.value = queue.newKey();
  }
  const day = form.elements.performed_on;
  if (day && !entry) day.value = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return form;
}

function fill(form, fields) {
  for (const control of form.elements) {
    if (!control.name || control.type === "file" || control.name === "version") continue;
    const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(control.type)) control.checked = values.includes(control.value);
    else if (values.length) control.value = values[0];
  }
}

async function submitted(event) {
  const form = event.target;
  if (me && form.matches("form[action*='/sign-out']")) return signingOut(event, form);
  if (!me || !form.matches("form[data-offline]") || event.submitter?.hasAttribute("formaction")) return;
  const file = form.querySelector("input[type=file]")?.files[0];
  if (file && navigator.onLine && !form.dataset.entry) return; // It is sent in pieces, which shows how far it is.
  event.preventDefault();
  if (file) event.stopImmediatePropagation();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    await send(form, file && !form.elements.upload?.value ? file : null);
  } catch (failure) {
    say(form, form.dataset.words && JSON.parse(form.dataset.words)[failure.name === "QuotaExceededError" ? "full" : "failed"]);
  }
  form.ariaBusy = "false";
}

async function send(form, file) {
  const wrong = problemsOf(form);
  if (wrong.length) return showProblems(form, wrong);
  const entry = entryOf(form);
  await queue.add(entry, file);
  pause = SHORTEST;
  if (form.dataset.entry && form.dataset.entry !== entry.key) await queue.remove(form.dataset.entry);
  form.dataset.entry = entry.key;
  if (navigator.onLine) await queue.sendAll(entry.key);
  sendSoon(pause);
  const ended = (await queue.entries()).find((one) => one.key === entry.key);
  if (ended?.state === "sent") return location.assign(ended.url);
  if (ended?.state === "refused" && formIn(ended.page, "")) {
    const place = document.createElement("div");
    form.replaceWith(place);
    return showRefused(place, ended);
  }
  form.dispatchEvent(new CustomEvent("offline-kept", { bubbles: true, detail: ended }));
  if (ended && !document.querySelector("[data-device]")) showKept(form, ended);
  (await navigator.serviceWorker.ready).sync?.register("bekwaam").catch(() => {}); // Where it is there, it may be earlier.
}

export function entryOf(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
  return {
    key: form.elements.key?.value || form.dataset.entry || queue.newKey(),
    url: form.getAttribute("action") ?? location.pathname + location.search,
    kind: form.dataset.offline,
    title: titleOf(form),
    about: form.dataset.about ? JSON.parse(form.dataset.about) : formIn(document.documentElement.outerHTML, "").about,
    lines: linesOf(form),
    fields,
  };
}

function titleOf(form) {
  const typed = form.dataset.offline === "rate" ? null : form.elements.note?.value;
  return typed || form.dataset.title || wordsOf(document.querySelector("h1"));
}

// Returns what was filled in as a person reads it, each line under its question.
function linesOf(form) {
  return [...form.querySelectorAll(".field")].flatMap((field) => {
    const question = field.querySelector("legend, label:not(.choice)");
    const chosen = [...field.querySelectorAll(".choice:has(:checked)")].map(wordsOf);
    const control = field.querySelector("input:not([type=checkbox], [type=radio], [type=file]), textarea, select");
    const typed = control?.selectedOptions ? wordsOf(control.selectedOptions[0] ?? control) : control?.value;
    const said = chosen.join("; ") || typed;
    return question && said ? [[wordsOf(question.firstChild ?? question), said]] : [];
  });
}

// --- What is wrong ---

// Checks what the server would refuse at first sight, in its own words; it has the last word all the same.
function problemsOf(form) {
  const checks = JSON.parse(form.dataset.checks ?? "{}");
  return Object.entries(checks).flatMap(([name, check]) => {
    const values = new FormData(form).getAll(name).filter((value) => String(value).trim());
    const said = messageFor(check, values);
    return said ? [{ name, label: check.label, said }] : [];
  });
}

function messageFor(check, values) {
  if (!values.length) return check.required;
  if (check.most && values[0].trim().length > check.most[0]) return check.most[1];
  if (!check.range) return null;
  const [least, most, said] = check.range;
  return Number.isInteger(Number(values[0])) && values[0] >= least && values[0] <= most ? null : said;
}

function showProblems(form, wrong) {
  const words = JSON.parse(form.dataset.words);
  const list = element("ul", {}, ...wrong.map(({ name, label, said }) => {
    const control = form.querySelector(`[name="${name}"]`);
    const link = element("a", { href: `#${control.closest("fieldset")?.id || control.id}`, textContent: label });
    control.ariaInvalid = "true";
    return element("li", {}, link, `: ${said}`);
  }));
  say(form, words.stored_not, element("p", { textContent: words.put_right }), list);
}

// Shows a remark at the head of a form, and goes there.
function say(form, title, ...more) {
  form.querySelector(":scope > .notice")?.remove();
  const remark = element("div", { className: "notice bad", role: "alert", tabIndex: -1 }, element("h2", { textContent: title }), ...more);
  form.prepend(remark);
  remark.focus();
}

// Shows the form as the server sent it back, with what is wrong beside each field.
export function showRefused(place, entry) {
  const kept = formIn(entry.page, entry.url);
  if (!kept) return null;
  place.innerHTML = kept.html;
  const form = place.querySelector("form");
  Object.assign(form.dataset, { entry: entry.key, about: JSON.stringify(entry.about ?? []), title: entry.title });
  form.querySelector(".notice")?.focus();
  return form;
}

// Returns why the server did not take an entry: its reasons, or the heading of the page that it answered with.
export function reasonsOf(entry) {
  if (entry.reasons?.length || !entry.page) return (entry.reasons ?? []).join(" ");
  return wordsOf(new DOMParser().parseFromString(entry.page, "text/html").querySelector("h1"));
}

function showKept(form, entry) {
  const words = JSON.parse(form.dataset.words);
  const isWaiting = ["waiting", "sending"].includes(entry.state);
  const link = element("a", { className: "button", href: new URL("device", ROOT), textContent: words.device });
  const remark = element("div", { className: "notice attention", role: "status", tabIndex: -1 },
    element("h2", { textContent: isWaiting ? words.kept : words.states[entry.state] }),
    element("p", { textContent: isWaiting ? words.kept_why : reasonsOf(entry) }),
    element("p", {}, link));
  form.replaceWith(remark);
  remark.focus();
}

export function element(name, facts, ...inside) {
  const made = Object.assign(document.createElement(name), facts);
  made.append(...inside);
  return made;
}

// --- Signing out ---

async function signingOut(event, form) {
  if (form.dataset.sure) return;
  event.preventDefault();
  const isLeft = async () => (await queue.standings()).some((entry) => !entry.closed && queue.isUnsent(entry));
  if (await isLeft()) await queue.sendAll();
  if (await isLeft()) return location.assign(new URL("device#sign-out", ROOT));
  await signOut(form);
}

// Removes what is of this person and signs out; what waits sealed for somebody else stays where it is.
export async function signOut(form) {
  await queue.forget(me.account);
  const others = (await queue.standings()).some((entry) => queue.isUnsent(entry));
  if (others) form.append(element("input", { type: "hidden", name: "others", value: "1" }));
  form.dataset.sure = "1";
  form.submit();
}
