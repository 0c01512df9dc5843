// Marks while somebody types what their comment says already. The server guesses by the same words: competencies/coaching.py.

for (const list of document.querySelectorAll("[data-coach]")) coach(list);

function coach(list) {
  const { cues, fewest, stem } = JSON.parse(list.dataset.coach);
  const field = document.getElementById(list.dataset.of);
  field.addEventListener("input", show);
  show();

  function show() {
    const found = marks(field.value);
    for (const mark of list.querySelectorAll("[data-mark]")) {
      const there = found.has(mark.dataset.mark);
      mark.classList.toggle("done", there);
      mark.classList.toggle("withdrawn", !there);
      mark.querySelector(".heard").hidden = !there;
    }
  }

  function marks(comment) {
    const sentences = comment.split(/[.!?;\n]+/).map(words);
    const telling = sentences.filter((one) => has(one, "behaviour"));
    const advising = sentences.filter((one) => has(one, "suggestion"));
    const count = sentences.reduce((sum, one) => sum + split(one).length, 0);
    const found = new Set();
    if (telling.length && count >= fewest) found.add("behaviour");
    if (advising.length) found.add("suggestion");
    const told = new Set(telling.flatMap(stems));
    const linked = (one) => has(one, "link") || has(one, "behaviour") || stems(one).some((word) => told.has(word));
    if (found.size === 2 && advising.some(linked)) found.add("link");
    return found;
  }

  function words(sentence) {
    return ` ${sentence.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
  }

  function has(sentence, mark) {
    return cues[mark].some((cue) => sentence.includes(` ${cue}`));
  }

  function split(sentence) {
    return sentence.split(" ").filter(Boolean);
  }

  function stems(sentence) {
    return split(sentence).filter((word) => [...word].length >= stem).map((word) => [...word].slice(0, stem).join(""));
  }
}
