// The page "On this device": what waits here and how it stands, and the forms to fill in without coverage.

const offline = await import(`./keeping.js${new URL(import.meta.url).search}`);
await offline.ready;
const { element, queue, reasonsOf } = offline;
const page = document.querySelector("[data-device]");
const words = JSON.parse(page.dataset.words);
const part = (name) => page.querySelector(`[data-part=${name}]`);
const MARKS = { waiting: "waiting", sending: "waiting", sent: "done", refused: "declined", conflict: "attention" };
let known = "";

if (!queue) say(words.unable);
else begin();

async function begin() {
  page.hidden = false;
  queue.changes.addEventListener("message", draw);
  queue.changes.onmessage = draw;
  document.addEventListener("offline-sent", ({ detail }) => say(words.ends[detail] ?? ""));
  document.addEventListener("offline-kept", kept);
  part("send").addEventListener("click", sendNow);
  part("leave").addEventListener("click", () => signOut());
  await draw();
  await openAddressed();
}

async function sendNow() {
  say(words.states.sending);
  say(words.ends[await queue.sendAll()] ?? "");
  await draw();
}

function say(text) {
  part("said").textContent = text;
}

// --- What waits ---

async function draw() {
  const [entries, forms, me] = await Promise.all([queue.entries(), queue.keptForms(), queue.holder()]);
  const now = JSON.stringify([entries.map(({ key, state, turn, closed }) => [key, state, turn, closed]), forms.map(({ url }) => url)]);
  if (now === known) return;
  known = now;
  const mine = entries.filter((entry) => !entry.closed);
  const closed = entries.filter((entry) => entry.closed && queue.isUnsent(entry)).length;
  part("entries").replaceChildren(...mine.map(row));
  part("entries").hidden = !mine.length;
  part("none").hidden = mine.length > 0;
  part("closed").hidden = !closed;
  part("closed").textContent = words.closed.replace("%(num)s", closed);
  part("send").parentElement.hidden = !mine.some((entry) => ["waiting", "sending"].includes(entry.state));
  part("forms").replaceChildren(...forms.map(formRow));
  part("forms").hidden = !forms.length;
  part("no-forms").hidden = forms.length > 0;
  part("until").textContent = me ? words.until.replace("%(time)s", when(me.until)) : words.nobody;
  part("leaving").hidden = location.hash !== "#sign-out" || !mine.some(queue.isUnsent);
}

function row(entry) {
  const detail = [(entry.about ?? [])[0], when(entry.made), entry.hasFile ? entry.file?.name : "", reasonsOf(entry)];
  const title = entry.state === "sent" ? element("a", { href: entry.url, textContent: entry.title }) : element("b", { textContent: entry.title });
  const mark = element("span", { className: `mark ${MARKS[entry.state]}`, textContent: words.states[entry.state] });
  return element("li", { className: "entry" },
    element("div", {}, title, element("div", { className: "hint", textContent: detail.filter(Boolean).join(" · ") })),
    element("div", { className: "aside" }, mark, ...buttons(entry)));
}

function buttons(entry) {
  const can = [];
  if (["waiting", "refused"].includes(entry.state)) can.push(button(words.open, entry, () => openEntry(entry)));
  if (entry.state === "conflict") can.push(button(words.compare, entry, () => compare(entry)));
  if (entry.state !== "sending") can.push(button(words.remove, entry, () => remove(entry)));
  return can;
}

function button(text, about, pressed) {
  const made = element("button", { type: "button", className: "quiet", textContent: text, onclick: pressed });
  made.ariaLabel = `${text}: ${about.title}`;
  return made;
}

async function remove(entry) {
  if (entry.state !== "sent" && !confirm(words.sure.replace("%(title)s", entry.title))) return;
  await queue.remove(entry.key);
  part("form").replaceChildren();
  say(words.removed);
  part("said").focus();
}

// --- Filling in ---

function formRow(form) {
  const open = element("button", { type: "button", className: "quiet", textContent: words.fill, onclick: () => openForm(form) });
  open.ariaLabel = `${words.fill}: ${form.title}`;
  const about = element("div", { className: "hint", textContent: form.about.slice(0, 2).join(" · ") });
  return element("li", { className: "entry" }, element("div", {}, element("b", { textContent: form.title }), about), element("div", { className: "aside" }, open));
}

async function openForm(form) {
  const waiting = (await queue.entries()).find((one) => one.url === form.url && one.kind === "rate" && queue.isUnsent(one));
  if (waiting) return waiting.state === "conflict" ? compare(waiting) : openEntry(waiting);
  return show(form.title, form.about, (place) => offline.open(place, form));
}

async function openEntry(entry) {
  if (entry.page) return show(entry.title, entry.about, (place) => offline.showRefused(place, entry) ?? lines(place, entry));
  const path = entry.url.split("?")[0];
  const form = (await queue.keptForms()).find((one) => one.url === entry.url || one.url.split("?")[0] === path);
  const about = form?.about ?? entry.about; // What the form was kept with: that is what its writer sees now.
  return show(entry.title, about, (place) => (form ? offline.open(place, form, entry) : lines(place, entry)));
}

function show(title, about, fill) {
  const heading = element("h2", { textContent: title, tabIndex: -1 });
  const lead = (about ?? []).filter(Boolean);
  const place = document.createElement("div");
  part("form").replaceChildren(heading, ...texts(lead), place);
  fill(place);
  if (!place.contains(document.activeElement)) heading.focus();
  heading.scrollIntoView();
}

function lines(place, entry) {
  place.append(facts(entry.lines));
}

function facts(pairs) {
  const rows = pairs.map(([of, said]) => element("div", {}, element("dt", { textContent: of }), element("dd", { textContent: said })));
  return element("dl", { className: "facts" }, ...rows);
}

function kept({ target, detail }) {
  target.remove();
  part("form").replaceChildren();
  say(detail ? `${detail.title}: ${words.states[detail.state]}` : "");
  part("said").focus();
}

// Without coverage the browser shows this page under the address that was asked for: it opens what was meant.
async function openAddressed() {
  const here = location.pathname + location.search;
  const forms = await queue.keptForms();
  const meant = forms.find((form) => form.url === here) ?? forms.find((form) => form.url.split("?")[0] === location.pathname);
  if (meant) await openForm(meant);
}

// --- When something else stands there by now ---

function compare(entry) {
  const now = entry.page && offline.formIn(entry.page, entry.url);
  const mine = element("section", {}, element("h3", { textContent: words.yours }), ...texts(entry.about), facts(entry.lines));
  const theirs = element("section", {}, element("h3", { textContent: words.there }), ...texts(now ? now.about : []), facts(entry.standing ?? []));
  const sides = element("div", { className: "columns" }, mine, theirs);
  const choices = element("div", { className: "form-actions" });
  if (now) choices.append(element("button", { type: "button", textContent: words.mine, onclick: () => sendMine(entry, now) }));
  choices.append(element("button", { type: "button", className: "quiet", textContent: words.remove, onclick: () => remove(entry) }));
  show(entry.title, [reasonsOf(entry)], (place) => place.append(sides, choices));
}

function when(moment) {
  const parts = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat({ en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang, parts).format(moment);
}

function texts(about) {
  return (about ?? []).map((text) => element("p", { textContent: text }));
}

// Sends what was typed all the same, now that its writer saw what stands there: with the hidden fields of the new form.
async function sendMine(entry, now) {
  const holder = document.createElement("div");
  holder.innerHTML = now.html;
  const hidden = [...holder.querySelectorAll("input[type=hidden]")].map((field) => [field.name, field.value]);
  const names = hidden.map(([name]) => name);
  const fields = [...entry.fields.filter(([name]) => !names.includes(name)), ...hidden];
  const key = Object.fromEntries(hidden).key || entry.key;
  await queue.add({ ...entry, key, fields, about: now.about, reasons: [], page: "", standing: [] });
  if (key !== entry.key) await queue.remove(entry.key);
  part("form").replaceChildren();
  await sendNow();
}

async function signOut() {
  const form = document.querySelector("form[action$='/sign-out']");
  if (form) await offline.signOut(form);
}
