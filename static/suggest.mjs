// Suggestions while typing: the search field as a combobox with a list (ARIA 1.2). Comfort only: without this file,
// and whenever the server has no answer, the field is what it was, a field in a form.
const WAIT = 120; // milliseconds without a key before the server is asked
const LONGEST = 100; // characters; as the API has it

const field = document.querySelector("input[data-suggest]");
if (field) offerSuggestions(field, field.dataset);

function offerSuggestions(field, texts) {
  const list = make("div", { id: "suggestions", class: "suggest", role: "listbox", "aria-label": texts.suggestLabel, hidden: "" });
  const status = make("p", { class: "vh", role: "status" });
  field.parentElement.append(list);
  field.form.append(status);
  // A field of type "search" may not be a combobox, and its own Escape would clear it.
  for (const [name, value] of Object.entries({
    type: "text", inputmode: "search", role: "combobox", "aria-autocomplete": "list",
    "aria-controls": list.id, "aria-expanded": "false",
  })) field.setAttribute(name, value);

  let options = [];
  let active = -1; // number of the option the reader is on; -1: in the field
  let listed = ""; // the text that the options are for
  let hint = texts.suggestHint; // said once
  let timer, request;

  const typed = () => field.value.trim().replace(/\s+/g, " ");
  const isOpen = () => !list.hidden;

  function setOpen(open) {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    moveTo(-1);
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    setOpen(false);
    status.textContent = "";
  }

  function moveTo(number) {
    options[active]?.setAttribute("aria-selected", "false");
    active = number;
    const option = options[active];
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    // With the first option its heading comes into view too.
    (active ? option : option.parentElement).scrollIntoView({ block: "nearest" });
  }

  async function ask() {
    clearTimeout(timer);
    request?.abort();
    const text = typed();
    if (text.length < 2 || text.length > LONGEST || !/[\p{L}\p{N}]/u.test(text)) return close();
    request = new AbortController();
    const { signal } = request;
    const address = new URL(texts.suggest, location.href);
    address.searchParams.set("q", text);
    try {
      const response = await fetch(address, { signal, credentials: "omit" });
      const groups = response.ok ? (await response.json()).groups : [];
      if (signal.aborted || document.activeElement !== field) return;
      show(groups, text);
    } catch {
      if (!signal.aborted) close(); // no network: nothing to suggest, nothing to say
    }
  }

  function show(groups, text) {
    listed = text;
    const words = wordsOf(text).map(fold);
    list.replaceChildren(...groups.map((group) => groupOf(group, words)));
    options = [...list.querySelectorAll("[role=option]")];
    options.forEach((option, number) => { option.id = `suggestion-${number}`; });
    list.scrollTop = 0;
    setOpen(options.length > 0);
    announce();
  }

  function announce() {
    if (!options.length) {
      status.textContent = texts.suggestNone;
      return;
    }
    const count = texts.suggestCounts.split("|")[options.length - 1] ?? "";
    status.textContent = `${count} ${hint}`.trim();
    hint = "";
  }

  function arrow(event) {
    event.preventDefault();
    const down = event.key === "ArrowDown";
    if (event.altKey && !down) return close();
    if (!isOpen()) {
      if (!options.length || listed !== typed()) return ask();
      setOpen(true);
      announce();
      if (event.altKey) return;
    }
    if (event.altKey) return;
    // Beyond either end lies the field itself.
    const places = options.length + 1;
    moveTo(((active + 1 + (down ? 1 : -1) + places) % places) - 1);
  }

  field.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    moveTo(-1);
    timer = setTimeout(ask, WAIT);
  });
  field.addEventListener("compositionend", () => { timer = setTimeout(ask, WAIT); });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") arrow(event);
    else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && options[active] && isOpen()) {
      event.preventDefault();
      options[active].click();
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) moveTo(-1);
  });
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
  addEventListener("pagehide", close);

  // The field keeps the focus while somebody points at the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  // A topic completes what is typed: the form sends it, and whatever is filtered stays filtered.
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-words]");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    field.value = option.dataset.words;
    field.form.requestSubmit();
  });
}

function groupOf({ kind, label, items }, words) {
  const heading = make("div", { class: "suggest-head", role: "presentation", id: `suggest-${kind}` }, label);
  const options = items.map((item) => optionOf(item, kind, words));
  return make("div", { class: "suggest-group", role: "group", "aria-labelledby": heading.id }, heading, ...options);
}

function optionOf({ label, language, detail, detail_language, url }, kind, words) {
  const { pathname, search } = new URL(url);
  const parts = [make("span", { class: "suggest-label", lang: foreign(language) }, ...marked(label, words))];
  if (detail) {
    parts.push(make("span", { class: "vh" }, ", "));
    parts.push(make("span", { class: "suggest-detail", lang: foreign(detail_language) }, detail));
  }
  return make("a", {
    class: "suggest-option", role: "option", tabindex: "-1", "aria-selected": "false",
    href: pathname + search, "data-words": kind === "concepts" ? label : null,
  }, ...parts);
}

// What is still to be typed stands out: the letters that are typed are marked, the style makes them lighter.
function marked(label, words) {
  const pieces = [];
  let rest = 0;
  for (const { 0: word, index } of label.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const length = Math.max(...words.map((start) => commonLength(word, start)));
    if (length <= 0) continue;
    pieces.push(label.slice(rest, index), make("span", { class: "suggest-typed" }, word.slice(0, length)));
    rest = index + length;
  }
  return [...pieces, label.slice(rest)].filter(Boolean);
}

// How many characters of a word are its beginning, written with accents or without; 0 if it begins otherwise.
function commonLength(word, start) {
  if (!fold(word).startsWith(start)) return 0;
  let length = 0;
  while (fold(word.slice(0, length)).length < start.length) length += 1;
  while (/^\p{M}/u.test(word.slice(length))) length += 1;
  return length;
}

function wordsOf(text) {
  return text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function foreign(language) {
  return language && language !== document.documentElement.lang ? language : null;
}

function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
