// Comfort only: the search form works without this file.
const form = document.getElementById("search-form");

// Leave empty fields out of the address, so that it can be read and passed on.
form?.addEventListener("formdata", ({ formData }) => {
  for (const name of new Set(formData.keys())) {
    const values = formData.getAll(name).filter((value) => value !== "");
    formData.delete(name);
    for (const value of values) formData.append(name, value);
  }
  // What holds anyway need not stand in the address either.
  const plain = document.querySelector("#sort option[data-default]")?.value;
  if (formData.get("sort") === plain) formData.delete("sort");
  if (String(formData.getAll("leads_to")) === "micro-credential") formData.delete("leads_to");
});

// Going back shows what was asked for, not what was ticked since.
addEventListener("pageshow", () => form?.reset());

// Browsers that cannot show a closed <details> by style get the filter column opened on wide screens.
const filters = document.querySelector(".filters");
if (filters && !CSS.supports("selector(::details-content)")) {
  const wide = matchMedia("(min-width: 60rem)");
  const adapt = () => { filters.open = wide.matches; };
  wide.addEventListener("change", adapt);
  adapt();
}
