// Stores a form by itself a moment after its last change. What was typed stays in its field whatever happens.

const PAUSE = 1500;

for (const form of document.querySelectorAll("form[data-autosave]")) keep(form);

function keep(form) {
  const status = form.querySelector("[role=status]");
  let timer = 0;
  let changed = false; // Something was typed that is not stored.
  let busy = false;
  let apart = false; // There are two texts now: a person has to choose.

  form.addEventListener("input", () => {
    changed = true;
    wait();
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    changed = false;
  });
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });

  function wait() {
    clearTimeout(timer);
    if (!apart) timer = setTimeout(store, PAUSE);
  }

  async function store() {
    if (busy) return wait();
    busy = true;
    changed = false;
    say(form.dataset.autosave);
    try {
      const answer = await fetch(form.dataset.store || form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)), // As without script: a form in parts has a limit.
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      const told = await answer.json();
      if (answer.ok) form.elements.revision.value = told.revision;
      apart = answer.status === 409;
      changed ||= !answer.ok && !apart;
      say(told.message, told.url, told.label);
    } catch {
      changed = true;
      say(form.dataset.failed);
    }
    busy = false;
  }

  function say(message, url, label) {
    status.textContent = message;
    if (!url) return;
    const link = document.createElement("a");
    link.href = url;
    link.textContent = label;
    status.append(" ", link);
  }
}
