"use strict";

// Without this script the page is whole and its form works. With it the page
// changes in place, by itself too when there is a new proof: what is chosen, the
// focus and the letter's scroll stay.
const at = (id) => document.getElementById(id);
const form = at("view");
const box = at("letter");
const who = at("who");

let asked = 0; // counts refreshes: a late answer to an early one is dropped
let chosen = new URLSearchParams(location.search).get("for") ?? ""; // whose letter
let place = JSON.parse(sessionStorage.getItem("place")) ?? {}; // which letter was last read, and where
let jump = null; // where to go once the letter is there

// ---- the page in place

async function refresh() {
  const mine = ++asked;
  const answer = await fetch("./" + location.search);
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== asked) {
    return;
  }
  const turned = document.body.dataset.round !== next.body.dataset.round;
  Object.assign(document.body.dataset, next.body.dataset);
  document.title = next.title;
  for (const id of ["inbox", "notes"]) {
    const [old, fresh] = [at(id), next.getElementById(id)];
    if (old.innerHTML !== fresh.innerHTML) {
      replace(old, fresh);
    }
  }
  keep(next.getElementById("who").getAttribute("value"));
  show(next.querySelector("#letter > *"), turned);
}

// keep puts whose letter is shown into the picker, unless other words are being
// written there.
function keep(name) {
  const writing = document.activeElement === who && who.value !== who.dataset.kept;
  if (!writing && who.value !== name) {
    who.value = name;
    if (document.activeElement === who) {
      who.select(); // as when the field was entered: what is typed next replaces it
    }
  }
  who.dataset.kept = name;
}

// replace takes over what is new and keeps the focus on the same button.
function replace(old, fresh) {
  const buttons = [...old.querySelectorAll("button")];
  const focused = buttons.indexOf(document.activeElement);
  old.replaceChildren(...fresh.childNodes);
  if (focused >= 0) {
    (old.querySelectorAll("button")[focused] ?? old).focus({ preventScroll: true });
  }
}

// show puts a new letter, or why there is none, in the place of the old.
function show(fresh, turned) {
  remember();
  const old = box.lastElementChild;
  if (fresh.localName !== "iframe") {
    box.replaceChildren(fresh);
  } else if (turned || fresh.getAttribute("src") !== old.getAttribute("src")) {
    fresh.className = "coming"; // the old one is seen until this one is drawn
    box.append(fresh);
    arrive(fresh);
  } else {
    go();
  }
}

// arrive puts a letter in the place of the old as soon as it is read; its
// pictures may take longer.
function arrive(frame) {
  const page = frame.contentDocument;
  if (!page || page.URL === "about:blank" || page.readyState === "loading") {
    if (frame.isConnected) {
      setTimeout(arrive, 10, frame);
    }
    return;
  }
  openBeside(page);
  frame.contentWindow.addEventListener("keydown", shortcut);
  frame.contentWindow.addEventListener("focus", () => box.classList.add("focused"));
  frame.contentWindow.addEventListener("blur", () => box.classList.remove("focused"));
  if (frame.getAttribute("src") === place.src) {
    frame.contentWindow.scrollTo(0, place.y);
  }
  const focused = box.contains(document.activeElement);
  while (frame.previousElementSibling) {
    frame.previousElementSibling.remove();
  }
  frame.removeAttribute("class");
  box.classList.toggle("focused", focused);
  if (focused) {
    frame.focus();
  }
  go();
}

const letter = () => box.querySelector("iframe:not(.coming)");

function remember() {
  const frame = letter();
  if (frame) {
    place = { src: frame.getAttribute("src"), y: frame.contentWindow.scrollY };
  }
}

// openBeside lets the letter's links open other pages beside this one.
function openBeside(page) {
  for (const link of page.querySelectorAll("a[href]:not([href^='#']), area[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
}

async function follow() {
  for (;;) {
    try {
      const answer = await fetch("turn?" + new URLSearchParams(document.body.dataset));
      if (!answer.ok) {
        throw new Error(answer.statusText);
      }
      await refresh();
      at("ended").hidden = true;
    } catch {
      at("ended").hidden = false;
      await new Promise((resume) => setTimeout(resume, 1000));
    }
  }
}

// look changes how the letter is looked at, and whose it is.
function look() {
  const fields = new FormData(form);
  fields.set("for", chosen);
  history.replaceState(null, "", "./?" + new URLSearchParams(fields));
  return refresh().catch(() => {}); // follow says that the preview has ended
}

form.addEventListener("change", (event) => {
  if (event.target !== who) {
    look();
  }
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  choose(who.value.trim());
});
addEventListener("pagehide", () => {
  remember();
  sessionStorage.setItem("place", JSON.stringify(place));
});

// ---- findings and changes: jump to their places

document.addEventListener("click", (event) => {
  const button = event.target.closest(".jump");
  if (button) {
    leap(button);
  } else if (event.target.closest("#seen")) {
    seen();
  }
});

function leap(button) {
  const { part, text, end, for: other } = button.dataset;
  jump = { part, text, end };
  if (part !== "html" || form.elements.part.value !== "source") {
    form.elements.part.value = part;
  }
  if (other) {
    chosen = other;
  }
  look();
}

// go goes to the place of the last jump and selects its words there, in the
// newest letter only: the old one may not have them.
function go() {
  const frame = letter();
  if (!jump || !frame || frame !== box.lastElementChild) {
    return;
  }
  const { text, end } = jump;
  jump = null;
  const page = frame.contentDocument;
  const range = text ? find(page, text) : null;
  if (range) {
    const selection = frame.contentWindow.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    frame.contentWindow.scrollBy({ top: range.getBoundingClientRect().top - frame.clientHeight / 4 });
  } else {
    frame.contentWindow.scrollTo(0, end === "bottom" ? page.documentElement.scrollHeight : 0);
  }
}

// find finds words in a page, in its headings first; lines may be broken and
// letters be capitals.
function find(page, text) {
  const words = text.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(words.join("\\s+"), "i");
  for (const scope of [...page.querySelectorAll("h1, h2, h3, h4, h5, h6"), page.body]) {
    const nodes = [];
    const walker = page.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      nodes.push(walker.currentNode);
    }
    const found = pattern.exec(nodes.map((node) => node.data).join(""));
    if (found) {
      const range = page.createRange();
      range.setStart(...point(nodes, found.index));
      range.setEnd(...point(nodes, found.index + found[0].length));
      return range;
    }
  }
  return null;
}

// point is the text node, and the offset in it, of a character of them all.
function point(nodes, offset) {
  for (const node of nodes) {
    if (offset <= node.data.length) {
      return [node, offset];
    }
    offset -= node.data.length;
  }
  return [nodes.at(-1), nodes.at(-1).data.length];
}

// step goes to the next or previous place in the notes.
function step(by) {
  const jumps = [...document.querySelectorAll(".jump")];
  const now = jumps.indexOf(document.activeElement);
  const next = jumps[now < 0 ? (by > 0 ? 0 : jumps.length - 1) : (now + by + jumps.length) % jumps.length];
  if (next) {
    next.focus();
    leap(next);
  }
}

async function post(path, fields) {
  const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields) });
  return answer.ok ? answer.json() : { Error: await answer.text() };
}

async function seen() {
  await post("seen", {});
  await refresh();
}

// ---- the picker: a combobox whose list comes from the server
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

const list = at("choices");
let searches = 0;
let listed = null; // the words that the list answers to

async function search() {
  const mine = ++searches;
  const words = who.value;
  const find = words === who.dataset.kept ? "" : words; // as it was: show all
  const found = await (await fetch("choices?" + new URLSearchParams({ find }))).json().catch(() => ({}));
  if (mine !== searches || document.activeElement !== who) {
    return;
  }
  list.replaceChildren(
    ...group("Segments", found.Segments, found.MoreSegments),
    ...group("Readers", found.Readers, found.MoreReaders),
  );
  if (!list.childElementCount) {
    list.append(line("p", "more", find.length > 1 ? "Nothing is called that." : "Write two letters or more to find readers."));
  }
  list.hidden = false;
  listed = words;
  who.setAttribute("aria-expanded", "true");
  mark(find ? list.querySelector("[role=option]") : null);
}

function group(name, offers, more) {
  if (!offers?.length) {
    return [];
  }
  const group = document.createElement("div");
  group.role = "group";
  group.ariaLabel = name;
  group.append(line("p", "group", name));
  for (const { Name, Label, Note } of offers) {
    const option = line("div", "", Label);
    option.role = "option";
    option.id = "choice-" + name + group.childElementCount;
    option.dataset.name = Name;
    option.ariaSelected = "false";
    option.append(line("span", "", Note));
    group.append(option);
  }
  if (more) {
    group.append(line("p", "more", `and ${more} more: write more of it`));
  }
  return [group];
}

function line(kind, name, text) {
  const element = document.createElement(kind);
  element.className = name;
  element.textContent = text;
  if (kind === "p") {
    element.role = "presentation";
  }
  return element;
}

function mark(option) {
  list.querySelectorAll("[aria-selected=true]").forEach((marked) => marked.setAttribute("aria-selected", "false"));
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  who.setAttribute("aria-activedescendant", option?.id ?? "");
}

function close() {
  searches++;
  list.hidden = true;
  who.setAttribute("aria-expanded", "false");
  who.removeAttribute("aria-activedescendant");
}

function choose(name) {
  chosen = name;
  close();
  look();
}

who.addEventListener("focus", () => {
  who.dataset.kept = who.value;
  who.select();
});
who.addEventListener("input", () => search().catch(() => {}));
who.addEventListener("click", () => list.hidden && search().catch(() => {}));
who.addEventListener("blur", () => {
  close();
  who.value = who.dataset.kept;
});
who.addEventListener("keydown", async (event) => {
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (move) {
    event.preventDefault();
    if (list.hidden) {
      await search().catch(() => {});
    }
    const options = [...list.querySelectorAll("[role=option]")];
    const now = options.findIndex((option) => option.ariaSelected === "true");
    mark(options[now < 0 && move < 0 ? options.length - 1 : (now + move + options.length) % options.length]);
  } else if (event.key === "Escape") {
    who.value = who.dataset.kept;
    close();
  } else if (event.key === "Enter") {
    event.preventDefault();
    const marked = !list.hidden && listed === who.value ? list.querySelector("[aria-selected=true]") : null; // not that of fewer letters
    who.value = who.dataset.kept = marked ? marked.firstChild.data : who.value;
    choose(marked ? marked.dataset.name : who.value.trim());
  }
});
list.addEventListener("mousedown", (event) => {
  event.preventDefault(); // the focus stays in the field
  const option = event.target.closest("[role=option]");
  if (option) {
    who.dataset.kept = who.value = option.firstChild.data;
    choose(option.dataset.name);
  }
});

// ---- a test letter: first the question, then the yes

const test = at("test");
let key = "";

function openTest() {
  restart("");
  test.showModal();
  at("to").focus();
}

function restart(said) {
  key = "";
  at("test-ask").hidden = false;
  at("test-question").hidden = true;
  at("test-said").textContent = said;
  at("test-next").textContent = "Go on…";
  at("test-next").hidden = false;
  at("test-close").textContent = "Cancel";
}

at("open-test").addEventListener("click", openTest);
at("test-close").addEventListener("click", () => test.close());
at("test-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const next = at("test-next");
  if (next.disabled) {
    return;
  }
  next.disabled = true;
  const yes = key;
  const answer = await (yes ? post("test/send", { key: yes }) : post("test", { to: at("to").value, for: chosen })).catch((error) => ({ Error: String(error) }));
  next.disabled = false;
  if (answer.Error) {
    restart(answer.Error);
  } else if (yes) {
    restart(answer.Done);
    at("test-ask").hidden = true;
    next.hidden = true;
    at("test-close").textContent = "Close";
    at("test-close").focus();
  } else {
    key = answer.Key;
    at("test-ask").hidden = true;
    at("test-question").hidden = false;
    at("test-question").querySelectorAll("dd").forEach((dd) => { dd.textContent = answer[dd.dataset.of] ?? ""; });
    at("test-said").textContent = "";
    next.textContent = "Send it";
    next.focus();
  }
});

// ---- shortcuts

const keys = {
  "/": () => who.focus(),
  h: () => turnTo("part", "html"),
  t: () => turnTo("part", "text"),
  s: () => turnTo("part", "source"),
  w: () => turnTo("width"),
  d: () => turnTo("scheme"),
  i: () => turnTo("images"),
  n: () => step(1),
  p: () => step(-1),
  m: () => at("seen") && seen(),
  e: openTest,
  "?": () => at("keys").showModal(),
};

// turnTo chooses a way of looking, or the next one.
function turnTo(field, way) {
  const ways = [...form.elements[field]];
  const now = ways.findIndex((input) => input.checked);
  form.elements[field].value = way ?? ways[(now + 1) % ways.length].value;
  look();
}

function shortcut(event) {
  const typing = event.target.closest?.("input:not([type=radio]), dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !at("keys-on").checked || !keys[event.key]) {
    return;
  }
  event.preventDefault();
  keys[event.key]();
}

at("keys-on").checked = sessionStorage.getItem("keys") !== "off";
at("keys-on").addEventListener("change", (event) => sessionStorage.setItem("keys", event.target.checked ? "on" : "off"));
at("open-keys").addEventListener("click", keys["?"]);
addEventListener("keydown", shortcut);
box.querySelectorAll("iframe").forEach((frame) => {
  frame.className = "coming"; // where it stands is not yet where it was last read
  arrive(frame);
});
follow();
