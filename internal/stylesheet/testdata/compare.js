// compare() draws the pages /before and /after in frames and lists the first
// elements whose computed styles differ: at 800 and 400 px, and with every
// :hover come true. Frames are sandboxed: no scripts run.
async function compare() {
  const frames = await Promise.all(["/before", "/after"].map(draw));
  const [before, after] = frames.map((f) => f.contentDocument);
  let found = [];
  for (const state of [800, 400, "hover"]) {
    if (state === "hover") {
      frames.forEach((f) => (f.style.width = "800px"));
      if (![before, after].map(hover).includes(true)) break;
    } else {
      frames.forEach((f) => (f.style.width = state + "px"));
    }
    found = found.concat(differ(before, after).map((d) => state + ": " + d));
    if (found.length > 0) break;
  }
  frames.forEach((f) => f.remove());
  return found;
}

function draw(url) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-same-origin");
  frame.style = "width: 800px; height: 600px; border: 0; position: absolute";
  frame.src = url;
  return new Promise((done) => {
    frame.onload = () => done(frame);
    document.body.append(frame);
  });
}

// hover makes every :hover true, at its own specificity.
function hover(doc) {
  let any = false;
  const walk = (rules) => {
    for (const rule of rules) {
      if (rule.selectorText?.includes(":hover")) {
        rule.selectorText = rule.selectorText.replaceAll(":hover", ":not(.never-at-all)");
        any = true;
      }
      if (rule.cssRules) walk(rule.cssRules);
    }
  };
  // A sheet from elsewhere never came.
  for (const sheet of doc.styleSheets) if (!sheet.href) walk(sheet.cssRules);
  return any;
}

const unseen = new Set(["STYLE", "SCRIPT", "LINK", "META", "TITLE", "BASE", "HEAD", "TEMPLATE"]);

function differ(before, after) {
  const [a, b] = [before, after].map((doc) => [...doc.querySelectorAll("*")].filter((e) => !unseen.has(e.tagName)));
  if (before.compatMode !== after.compatMode) return [before.compatMode + " became " + after.compatMode];
  const found = [];
  for (let i = 0; i < Math.max(a.length, b.length) && found.length < 3; i++) {
    if (a[i]?.tagName !== b[i]?.tagName) {
      found.push(`element ${i} is ${b[i]?.tagName}, was ${a[i]?.tagName}`);
      break;
    }
    for (const part of [undefined, "::before", "::after"]) {
      const [x, y] = [a[i], b[i]].map((e) => e.ownerDocument.defaultView.getComputedStyle(e, part));
      if (part && x.content === "none" && y.content === "none") continue;
      const d = values(x, y);
      if (d) found.push(`${path(a[i])}${part ?? ""} ${d}`);
    }
  }
  return found;
}

function values(x, y) {
  if (x.cssText !== "" && x.cssText === y.cssText) return "";
  for (let i = 0; i < x.length; i++) {
    const [was, is] = [x.getPropertyValue(x[i]), y.getPropertyValue(x[i])];
    if (was !== is) return `${x[i]}: ${is}, was ${was}`;
  }
  return "";
}

function path(e) {
  return e.tagName.toLowerCase() + (e.id && "#" + e.id) + (e.className && "." + e.className);
}
