// Comfort only: the search form works without this file.
const form = document.getElementById("search-form");

// Leave empty fields out of the address, so that it can be read and passed on.
form?.addEventListener("formdata", ({ formData }) => {
  for (const name of new Set(formData.keys())) {
    const values = formData.getAll(name).filter((value) => value !== "");
    formData.delete(name);
    for (const value of values) formData.append(name, value);
  }
});

// Browsers that cannot show a closed <details> by style get the filter column opened on wide screens.
const filters = document.querySelector(".filters");
if (filters && !CSS.supports("selector(::details-content)")) {
  const wide = matchMedia("(min-width: 60rem)");
  const adapt = () => { filters.open = wide.matches; };
  wide.addEventListener("change", adapt);
  adapt();
}
