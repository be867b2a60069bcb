// Comfort only: the editor works without this file.
const form = document.getElementById("editor");

// Whoever leaves with something typed and not saved is asked first.
let changed = document.querySelector(".box--fault") !== null;
form?.addEventListener("input", () => { changed = true; });
form?.addEventListener("submit", () => { changed = false; });
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

// Enter in the search field of a picker searches, as its button does.
form?.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !field.name?.endsWith(".find")) return;
  event.preventDefault();
  field.parentElement.querySelector("button")?.click();
});
