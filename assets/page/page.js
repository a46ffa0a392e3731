"use strict";

const by_id = (id) => document.getElementById(id);
// The recording as it was made ready: for each language its words, the lines of all pictures, and which of them each picture has.
// The page of a shared run (live.js) has no such element: it fills this in as the run goes on.
let page = by_id("recording") ? JSON.parse(by_id("recording").textContent) : null;
const root = document.documentElement;
const most_lines = 300; // of output in the page at once

let language = page ? page.language : "en";
let place = 0; // in page.moments
// What a live page does first: before a moment is shown, and before a language is.
let before_moment = (place, then) => then();
let before_language = (chosen, then) => then();
const shown = {}; // the picture that each element has
const output = { lines: [], taken: 0 };

// "{}" and "{1}" are places for the values, as in the words of the program.
function filled(key, ...values) {
  let next = 0;
  const text = page.languages[language].words[key] ?? key;
  return text.replace(/\{(\d*)\}/g, (_, index) => values[index === "" ? next++ : Number(index)]);
}

// The last one that is not after the moment.
function place_of(moment) {
  let found = 0;
  while (found + 1 < page.moments.length && page.moments[found + 1][0] <= moment) {
    found++;
  }
  return found;
}

function svg_of(picture) {
  const texts = page.languages[language];
  const [width, height, runs] = texts.pictures[picture];
  const lines = [];
  for (let i = 0; typeof runs !== "string" && i < runs.length; i += 2) {
    for (let line = runs[i]; line < runs[i] + runs[i + 1]; line++) {
      lines.push(texts.lines[line]);
    }
  }
  return svg_text([width, height, typeof runs === "string" ? runs : lines.join("")]);
}

function svg_text([width, height, content]) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" xml:space="preserve" ` +
    `font-family="Inter, NanumGothic, DejaVu Sans, sans-serif" font-variant-ligatures="none">${content}</svg>`;
}

function show_picture(id, picture, label) {
  const key = language + picture;
  if (shown[id] === key) {
    return;
  }
  shown[id] = key;
  const element = by_id(id);
  element.innerHTML = svg_of(picture);
  const svg = element.firstElementChild;
  svg.style.width = `calc(${page.languages[language].pictures[picture][0]} * var(--unit))`;
  svg.setAttribute("aria-label", label);
}

function take_output(moment) {
  if (output.taken > 0 && page.output[output.taken - 1][0] > moment) {
    output.lines = [];
    output.taken = 0;
  }
  while (output.taken < page.output.length && page.output[output.taken][0] <= moment) {
    const [, line, process, error, text, cut] = page.output[output.taken++];
    output.lines[line] ??= { process, error, text: "", cut: 0 };
    output.lines[line].text += text;
    output.lines[line].cut = cut;
  }
}

function element_of(name, kind, text) {
  const element = document.createElement(name);
  element.className = kind;
  element.textContent = text;
  return element;
}

function line_element(line) {
  const element = element_of("div", line.error ? "line error" : "line", "");
  const pid = element_of("span", "pid", line.process < 0 ? "?" : page.pids[line.process]);
  if (line.process >= 0) {
    pid.style.background = `var(--badge-${line.process % 8})`;
    pid.style.color = `var(--badge-ink-${line.process % 8})`;
  }
  const text = element_of("span", "text", "");
  if (line.error) {
    text.append(element_of("span", "stream", filled("output.stderr")));
  }
  text.append(line.text);
  if (line.cut) {
    text.append(element_of("span", "quiet", " " + filled("output.cut", line.cut)));
  }
  element.append(pid, text);
  return element;
}

function show_output(moment) {
  take_output(moment);
  const first = Math.max(output.lines.length - most_lines, 0);
  const elements = output.lines.slice(first).map(line_element);
  if (first > 0) {
    elements.unshift(element_of("p", "quiet", filled("figure.lines_before", first)));
  }
  if (elements.length === 0) {
    elements.push(element_of("p", "quiet", filled("page.no_output")));
  }
  if (page.output_left_out && place === page.moments.length - 1) {
    elements.push(element_of("p", "quiet", filled("page.output_left_out", page.output_left_out)));
  }
  const panel = by_id("output");
  panel.replaceChildren(...elements);
  panel.scrollTop = panel.scrollHeight;
}

function show_now(moment, seconds) {
  const { left, step, width, below_ruler } = page.languages[language].timeline;
  const at = (100 * (left + (moment + 0.5) * step)) / width;
  by_id("now").style.left = at + "%";
  by_id("to-come").style.left = at + (40 * step) / width + "%"; // behind the mark of this moment
  by_id("now").style.top = by_id("to-come").style.top = `calc(${below_ruler} * var(--unit))`;
  const slider = by_id("timeline");
  slider.setAttribute("aria-valuemin", 0);
  slider.setAttribute("aria-valuemax", page.last);
  slider.setAttribute("aria-valuenow", moment);
  slider.setAttribute("aria-valuetext", filled("figure.moment", moment, page.last, seconds));
  const scroll = slider.parentElement;
  const x = (at / 100) * slider.offsetWidth;
  if (x < scroll.scrollLeft + 40 || x > scroll.scrollLeft + scroll.clientWidth - 40) {
    scroll.scrollLeft = x - scroll.clientWidth / 2;
  }
}

// A picture that is wider than its place pales where it goes on: a phone shows no scroll bar.
function tell_what_goes_on(scroll) {
  const tell = () => {
    const hidden = scroll.scrollWidth - scroll.clientWidth;
    scroll.classList.toggle("goes-left", scroll.scrollLeft > 4);
    scroll.classList.toggle("goes-right", hidden - scroll.scrollLeft > 4);
  };
  const sizes = new ResizeObserver(tell);
  const children = new MutationObserver(() => {
    [...scroll.children].forEach((child) => sizes.observe(child));
    tell();
  });
  children.observe(scroll, { childList: true });
  [scroll, ...scroll.children].forEach((one) => sizes.observe(one));
  scroll.addEventListener("scroll", tell, { passive: true });
}

function count_text(alive, zombies, gone) {
  const parts = [filled("tree.alive", alive)];
  if (zombies > 0) {
    parts.push(zombies === 1 ? filled("tree.zombie") : filled("tree.zombies", zombies));
  }
  if (gone > 0 || zombies === 0) {
    parts.push(filled("tree.gone", gone));
  }
  return parts.join(" · ");
}

function show_moment() {
  const [moment, seconds, alive, zombies, gone, columns] = page.moments[place];
  const [tree, memory, sentence] = page.languages[language].rows[place];
  by_id("moment").textContent = filled("figure.moment", moment, page.last, seconds);
  by_id("sentence").textContent = page.languages[language].sentences[sentence];
  by_id("tree-count").textContent = count_text(alive, zombies, gone);
  by_id("memory-hint").textContent =
    columns < alive + zombies + gone ? filled("figure.shown", columns, alive + zombies + gone) : filled("memory.hint");
  show_picture("tree", tree, filled("tree.title"));
  show_picture("memory", memory, filled("memory.title"));
  show_output(moment);
  show_now(moment, seconds);
  by_id("first").disabled = by_id("back").disabled = place === 0;
  by_id("last").disabled = by_id("forward").disabled = place === page.moments.length - 1;
}

// The address names the moment, once it has stayed: browsers allow few changes of it.
let naming = 0;
function go(to) {
  const next = Math.min(Math.max(to, 0), page.moments.length - 1);
  if (next === place) {
    return;
  }
  before_moment(next, () => {
    place = next;
    show_moment();
    clearTimeout(naming);
    naming = setTimeout(() => location.replace("#moment=" + page.moments[place][0]), 400);
  });
}

function show_theme(theme) {
  root.dataset.theme = theme;
  by_id("theme").textContent = filled(theme === "dark" ? "toolbar.light" : "toolbar.dark");
}

function show_language(chosen) {
  language = chosen;
  root.lang = chosen;
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = filled(element.dataset.word);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", filled(element.dataset.label));
    if (element.tagName === "BUTTON") {
      element.title = filled(element.dataset.label);
    }
  }
  for (const button of document.querySelectorAll(".language")) {
    button.setAttribute("aria-pressed", button.dataset.language === chosen);
  }
  by_id("left-out").textContent = page.left_out ? filled("page.left_out", page.left_out, page.last + 1) : "";
  show_theme(root.dataset.theme);
  show_picture("timeline-picture", page.languages[language].timeline.picture, filled("timeline.title"));
  by_id("timeline").style.width = `calc(${page.languages[language].timeline.width} * var(--unit))`;
  show_moment();
}

function moment_of_address() {
  const named = /^#moment=(\d+)$/.exec(location.hash);
  return named ? Number(named[1]) : null;
}

function start() {
  root.style.setProperty("--width", page.width);
  root.style.setProperty("--height", page.height);
  root.style.setProperty("--memory-width", page.memory_width);
  by_id("title").textContent = page.title;
  by_id("theme").hidden = page.theme === "print";
  root.dataset.theme = page.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  place = place_of(moment_of_address() ?? page.opens);
  show_language(language);

  const steps = { ArrowLeft: () => place - 1, ArrowRight: () => place + 1, Home: () => 0, End: () => page.moments.length - 1 };
  document.addEventListener("keydown", (event) => {
    const types = event.target.closest("input, select");
    if (event.key in steps && !types && !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      go(steps[event.key]());
    }
  });
  const buttons = { first: "Home", back: "ArrowLeft", forward: "ArrowRight", last: "End" };
  for (const [id, key] of Object.entries(buttons)) {
    by_id(id).addEventListener("click", () => go(steps[key]()));
  }
  by_id("timeline").addEventListener("click", (event) => {
    const { left, step, width } = page.languages[language].timeline;
    const box = by_id("timeline").getBoundingClientRect();
    go(place_of(Math.floor((((event.clientX - box.left) / box.width) * width - left) / step)));
  });
  document.querySelectorAll(".scroll").forEach(tell_what_goes_on);
  by_id("theme").addEventListener("click", () => show_theme(root.dataset.theme === "dark" ? "light" : "dark"));
  for (const button of document.querySelectorAll(".language")) {
    const chosen = button.dataset.language;
    button.addEventListener("click", () => before_language(chosen, () => show_language(chosen)));
  }
  addEventListener("hashchange", () => go(place_of(moment_of_address() ?? page.moments[place][0])));
}

if (page) {
  start();
}
