"use strict";

// Without this script the page is whole and its form works. With it the page
// changes in place, by itself too when there is a new proof: what is chosen, the
// focus and the letter's scroll stay.
const form = document.getElementById("choice");
const box = document.getElementById("letter");
const ended = document.getElementById("ended");

let asked = 0; // counts refreshes: a late answer to an early one is dropped
let place = JSON.parse(sessionStorage.getItem("place")) ?? {}; // which letter was last read, and where

async function refresh() {
  const mine = ++asked;
  const answer = await fetch("/" + location.search);
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== asked) {
    return;
  }
  const turned = document.body.dataset.round !== next.body.dataset.round;
  document.body.dataset.round = next.body.dataset.round;
  document.title = next.title;
  const chosen = next.getElementById("segment").value;
  for (const id of ["segment", "subject", "notes"]) {
    const [old, fresh] = [document, next].map((page) => page.getElementById(id));
    if (old.textContent !== fresh.textContent) {
      old.replaceChildren(...fresh.childNodes);
    }
  }
  form.elements.segment.value = chosen;
  show(next.querySelector("#letter > *"), turned);
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
  }
}

// arrive puts a letter in the place of the old as soon as it is read; its
// pictures may take longer.
function arrive(frame) {
  const page = frame.contentDocument;
  if (!page || page.URL === "about:blank" || page.readyState === "loading") {
    if (frame.isConnected) {
      setTimeout(arrive, 20, frame);
    }
    return;
  }
  openBeside(page);
  scrollBack(frame);
  const focused = box.contains(document.activeElement);
  while (frame.previousElementSibling) {
    frame.previousElementSibling.remove();
  }
  frame.removeAttribute("class");
  if (focused) {
    frame.focus();
  }
}

function remember() {
  const frame = box.querySelector("iframe:not(.coming)");
  if (frame) {
    place = { src: frame.getAttribute("src"), y: frame.contentWindow.scrollY };
  }
}

function scrollBack(frame) {
  if (frame.getAttribute("src") === place.src) {
    frame.contentWindow.scrollTo(0, place.y);
  }
}

// openBeside lets the letter's links open other pages beside this one.
function openBeside(page) {
  for (const link of page.querySelectorAll("a[href]:not([href^='#'])")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
}

async function follow() {
  for (;;) {
    try {
      const answer = await fetch(`/turn?round=${document.body.dataset.round}`);
      if (!answer.ok) {
        throw new Error(answer.statusText);
      }
      if (!ended.hidden || (await answer.text()) !== document.body.dataset.round) {
        await refresh();
      }
      ended.hidden = true;
    } catch {
      ended.hidden = false;
      await new Promise((resume) => setTimeout(resume, 1000));
    }
  }
}

form.addEventListener("change", () => {
  history.replaceState(null, "", "/?" + new URLSearchParams(new FormData(form)));
  refresh().catch(() => {}); // follow says that the preview has ended
});
addEventListener("pagehide", () => {
  remember();
  sessionStorage.setItem("place", JSON.stringify(place));
});
box.querySelectorAll("iframe").forEach(arrive);
follow();
