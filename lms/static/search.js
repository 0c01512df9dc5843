// The search field of the header as a combobox (ARIA APG, list autocomplete with manual selection).
// Without this script the field is a plain form.

const PAUSE = 150; // Milliseconds without a key before the server is asked.
const form = document.querySelector("[data-suggestions]");
const field = form?.querySelector("input[type=search]");
const list = form?.querySelector("ul");
const said = form?.querySelector("[role=status]");
let timer, asking, active = -1;

function options() {
  return [...list.children];
}

function close() {
  clearTimeout(timer);
  asking?.abort();
  list.hidden = true;
  active = -1;
  said.textContent = "";
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function choose(place) {
  const all = options();
  active = place;
  all.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
  if (active < 0) {
    field.removeAttribute("aria-activedescendant");
  } else {
    field.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }
}

function option(row, place) {
  const item = document.createElement("li");
  const detail = document.createElement("span");
  item.id = `suggestion-${place}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.url = row.url;
  detail.className = "hint";
  detail.textContent = row.detail;
  item.append(row.title, detail);
  return item;
}

function show(answer) {
  list.replaceChildren(...answer.rows.map(option));
  active = -1;
  list.hidden = !answer.rows.length;
  said.textContent = answer.said;
  field.setAttribute("aria-expanded", String(!list.hidden));
  field.removeAttribute("aria-activedescendant");
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const address = `${form.dataset.suggestions}?${new URLSearchParams({ q: field.value })}`;
    const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return close();
    const rows = await answer.json();
    if (!signal.aborted) show(rows);
  } catch (failure) {
    if (failure.name !== "AbortError") close(); // Enter still sends the form.
  }
}

function typed() {
  clearTimeout(timer);
  if (field.value.trim().length < 2) return close();
  timer = setTimeout(ask, PAUSE);
}

function pressed(event) {
  const last = options().length - 1;
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    close();
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    location.assign(options()[active].dataset.url);
  } else if (!list.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    if (event.key === "ArrowDown") choose(active < last ? active + 1 : -1);
    else choose(active < 0 ? last : active - 1);
  } else if (event.key === "ArrowDown") {
    typed();
  }
}

function wantsToType(target) {
  return target.isContentEditable || target.matches("input, select, textarea");
}

function jump(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || wantsToType(event.target)) return;
  event.preventDefault();
  const menu = field.closest("[popover]");
  if (menu && !field.checkVisibility()) menu.showPopover();
  field.focus();
  field.select();
}

if (field) {
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  field.autocomplete = "off";
  field.addEventListener("input", typed);
  field.addEventListener("keydown", pressed);
  field.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) location.assign(item.dataset.url);
  });
  document.addEventListener("keydown", jump);
}
