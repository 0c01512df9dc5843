// While a worker is busy: asks for the page again, and shows it anew once there is something else to see.
const PAUSE = 1500;
const live = document.querySelector("[data-live]");

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-live]");
    if (answer.ok && !now) return location.reload();
    if (now && now.textContent !== live.textContent) live.replaceChildren(...now.childNodes);
  } catch {
    // Offline for a moment: the link on the page stays, and the next look may get through.
  }
  return setTimeout(look, PAUSE);
}

if (live) setTimeout(look, PAUSE);
