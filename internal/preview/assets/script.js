"use strict";

// The page is whole without this: it only switches views in place, keeps the
// choice and the scroll across reloads, and reloads when there is a new proof.
const frame = document.getElementById("letter");
const choice = { part: "letter", width: "wide", ...JSON.parse(sessionStorage.getItem("choice") || "{}") };

function show() {
  for (const kind of ["part", "width"]) {
    for (const button of document.querySelectorAll(`[data-${kind}]`)) {
      button.setAttribute("aria-pressed", String(button.dataset[kind] === choice[kind]));
    }
  }
  frame.classList.toggle("phone", choice.width === "phone");
  const src = `/${choice.part}?segment=${encodeURIComponent(frame.dataset.segment)}`;
  if (frame.getAttribute("src") !== src) {
    frame.src = src;
  }
  sessionStorage.setItem("choice", JSON.stringify(choice));
}

function restoreScroll() {
  const kept = sessionStorage.getItem("scroll");
  if (kept !== null) {
    frame.contentWindow.scrollTo(0, Number(kept));
    sessionStorage.removeItem("scroll");
  }
}

if (frame) {
  document.getElementById("segment").addEventListener("change", (event) => event.target.form.submit());
  for (const button of document.querySelectorAll("[data-part], [data-width]")) {
    button.addEventListener("click", () => {
      Object.assign(choice, button.dataset);
      show();
    });
  }
  frame.addEventListener("load", restoreScroll);
  show();
}

async function waitForTurn() {
  const round = document.body.dataset.round;
  for (;;) {
    try {
      const answer = await fetch(`/turn?round=${round}`);
      if (answer.ok && (await answer.text()) !== round) {
        if (frame) {
          sessionStorage.setItem("scroll", String(frame.contentWindow.scrollY));
        }
        location.reload();
        return;
      }
    } catch {
      await new Promise((resume) => setTimeout(resume, 1000)); // the preview ended, or restarts
    }
  }
}
waitForTurn();
