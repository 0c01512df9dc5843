// Brings what makes forms work without coverage, once the page itself is there and at rest.

const QUIET = 1000;

if (document.readyState !== "complete") await new Promise((wake) => addEventListener("load", wake, { once: true }));
await new Promise((wake) => setTimeout(wake, QUIET));
await import(`./keeping.js${new URL(import.meta.url).search}`);
