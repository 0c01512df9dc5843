// Sends a chosen file in pieces, shows how far it is, and goes on where it was after a lost connection.
// The form is sent as always once the file is there: then it names the file instead of carrying it.

const PIECE = 512 * 1024;
const SHORTEST = 1000;
const LONGEST = 30000;

for (const input of document.querySelectorAll("input[type=file][data-upload]")) watch(input);

function watch(input) {
  const form = input.form;
  const bar = document.createElement("progress");
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "hint";
  bar.hidden = true;
  bar.setAttribute("aria-label", input.dataset.going);
  input.after(bar, status);
  let coming = null; // The file that is on its way or there, as a promise of its key.
  let current = 0;

  input.addEventListener("change", () => {
    form.elements.upload.value = "";
    current += 1;
    const file = input.files[0];
    coming = file ? send(file, current) : null;
    if (!file) say("", null);
  });
  form.addEventListener("submit", async (event) => {
    if (!coming || form.elements.upload.value) return;
    event.preventDefault();
    const key = await coming;
    if (!key) return;
    form.elements.upload.value = key;
    input.disabled = true;
    form.submit();
  });

  // Returns the key of the file once all of it is there; null for one that is refused or no longer wanted.
  async function send(file, turn) {
    if (file.size > Number(input.dataset.largest)) return say(input.dataset.large, null);
    for (let pause = SHORTEST; turn === current; pause = Math.min(2 * pause, LONGEST)) {
      const key = keyOf(file);
      try {
        const refusal = await pieces(file, key, turn, () => (pause = SHORTEST));
        if (turn !== current) return null;
        if (refusal) return say(refusal, null);
        localStorage.removeItem(nameOf(file));
        say(input.dataset.done, file.size, file.size);
        return key;
      } catch {
        say(input.dataset.waiting, undefined);
        await rest(pause);
      }
    }
    return null;
  }

  async function pieces(file, key, turn, got) {
    const begun = new FormData();
    begun.set("id", key);
    begun.set("name", file.name);
    begun.set("size", file.size);
    let state = await ask(input.dataset.upload, begun);
    if (state.taken) localStorage.removeItem(nameOf(file)); // Somebody else sent this file from this device.
    if (state.taken) throw new Error("taken");
    while (!state.message && state.received < file.size && turn === current) {
      say(input.dataset.going, state.received, file.size);
      const next = file.slice(state.received, state.received + PIECE);
      state = await ask(state.pieces + state.received, next);
      got();
    }
    return state.message;
  }

  async function ask(url, body) {
    const headers = { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" };
    const answer = await fetch(url, { method: "POST", body, headers, redirect: "error" });
    if (![200, 409, 422].includes(answer.status)) throw new Error(answer.status);
    return answer.json();
  }

  function say(words, done, whole) {
    status.textContent = words;
    bar.hidden = done === null;
    if (whole) [bar.max, bar.value] = [whole, done];
    return null;
  }
}

// The same file chosen again, after the page was lost, goes on under the same key; no name stays on the device.
function keyOf(file) {
  const key = localStorage.getItem(nameOf(file)) ?? newKey();
  localStorage.setItem(nameOf(file), key);
  return key;
}

function newKey() {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"));
  return digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, "$1-$2-$3-$4-$5");
}

function nameOf(file) {
  return `upload ${file.size} ${file.lastModified}`;
}

function rest(pause) {
  return new Promise((wake) => {
    setTimeout(wake, pause);
    addEventListener("online", wake, { once: true });
  });
}
