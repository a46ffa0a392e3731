"use strict";

// What people press on the page of a shared run: answers to a question, buttons of who drives, the class code. live.js uses it.

// Coming in.

async function come_in(entry) {
  live.token = null;
  const { token, rights } = await (await ask("/enter", entry)).json();
  live.token = token;
  live.drives = rights === "drive";
  sessionStorage.setItem("token", token);
  sessionStorage.setItem("rights", rights);
}

function show_entry(answer) {
  live.token = null;
  sessionStorage.clear();
  live.lesson = null;
  document.body.classList.add("entering");
  document.body.classList.remove("asking", "questioned", "in-lesson");
  for (const id of ["lesson", "lesson-drive", "question"]) {
    by_id(id).hidden = true;
  }
  by_id("entry-answer").textContent = answer;
  show_entry_words();
  by_id("code").focus();
}

function show_entry_words() {
  root.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = word(element.dataset.word);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", word(element.dataset.label));
  }
  for (const button of document.querySelectorAll(".entry-language, .language")) {
    button.setAttribute("aria-pressed", button.dataset.language === language);
  }
}

function why_not_in(error, wrong) {
  const answers = { 403: wrong, 429: "live.too_many", 503: "live.no_room" };
  return word(answers[error.status] ?? "live.away");
}

// The step of a lesson.

function take_lesson(lesson) {
  const again = lesson && live.lesson && lesson.number === live.lesson.number;
  live.lesson = lesson;
  live.figure_of = "";
  show_lesson();
  show_question();
  if (lesson && !again) {
    scrollTo(0, 0);
    follow(true);
  }
}

function prose_element({ kind, depth, marker, spans }) {
  const element = element_of(kind === "code" ? "pre" : kind === "heading" ? "h2" : "p", depth > 0 ? "depth-" + Math.min(depth, 2) : "", "");
  if (kind === "item") {
    element.append(element_of("span", "marker", marker || "•"), " ");
  }
  for (const { style, text } of spans) {
    element.append(style === "plain" ? text : element_of(style, "", text));
  }
  return element;
}

function show_lesson() {
  const { lesson } = live;
  document.body.classList.toggle("in-lesson", lesson !== null);
  by_id("lesson").hidden = lesson === null;
  by_id("lesson-drive").hidden = lesson === null || !live.drives;
  if (lesson === null) {
    return;
  }
  show_entry_words();
  const texts = lesson.words[language];
  by_id("lesson-place").textContent = word("live.step_of", texts.title, lesson.number + 1, lesson.count);
  by_id("lesson-heading").textContent = texts.heading;
  by_id("lesson-text").replaceChildren(...texts.text.map(prose_element));
  by_id("lesson-state").textContent = lesson.problem || (lesson.running ? word("live.lesson_runs") : "");
  by_id("lesson-state").classList.toggle("wrong", lesson.problem !== "");
  const last = lesson.number + 1 === lesson.count;
  document.querySelector("[data-lesson=back]").disabled = lesson.number === 0;
  document.querySelector("[data-lesson=next]").disabled = last;
  const name = sessionStorage.getItem("name");
  by_id("naming").hidden = !lesson.names || live.drives || (name !== null && !live.renames);
  by_id("named").hidden = !lesson.names || live.drives || !by_id("naming").hidden;
  by_id("named").firstElementChild.textContent = word("live.named", name);
  show_lesson_figure();
}

// Drawn where the run is, with what the question veils.
async function show_lesson_figure() {
  const of = `${language} ${live.lesson.number} ${live.lesson.figure} ${live.state.question?.open}`;
  if (live.figure_of === of) {
    return;
  }
  live.figure_of = of;
  let figure = null;
  if (live.lesson.figure) {
    try {
      const response = await ask(`/figure?language=${language}`);
      figure = response.status === 200 ? await response.json() : null;
    } catch (error) {
      live.figure_of = "";
    }
  }
  if (live.figure_of !== of && live.figure_of !== "") {
    return; // another one is on its way
  }
  const element = by_id("lesson-figure");
  element.innerHTML = figure ? svg_text(figure.picture) : "";
  if (figure) {
    const [width] = figure.picture;
    element.firstElementChild.style.width = `clamp(${0.7 * width}px, 100%, ${width}px)`;
    element.firstElementChild.setAttribute("aria-label", figure.name);
  }
}

async function give_name() {
  const name = by_id("own-name").value.trim();
  await ask("/name", { name });
  sessionStorage.setItem("name", name);
  live.renames = false;
  if (!name) {
    sessionStorage.removeItem("name");
  }
  show_lesson();
}

// The question that is asked. Nothing of the run is here while it is open, but what the step of a lesson shows.
function show_question() {
  const { question } = live.state;
  document.body.classList.toggle("asking", question !== null && question.open);
  document.body.classList.toggle("questioned", question !== null);
  by_id("question").hidden = question === null;
  if (question === null) {
    document.querySelector("[data-lesson=reveal]").disabled = true;
    return;
  }
  show_entry_words();
  const mine = sessionStorage.getItem("answer " + question.key);
  // In the language of who reads it, where the lesson has it.
  const texts = live.lesson?.words[language];
  const text_of = (choice, i) => (texts && texts.items.length === question.choices.length ? texts.items[i] : choice.text);
  by_id("question-ask").textContent = texts?.ask || question.ask;
  by_id("question-ask").hidden = texts !== undefined && texts.ask === texts.heading;
  by_id("items").replaceChildren(
    ...(texts && question.choices.length === 0 ? texts.items : []).map((text) => element_of("li", "", text)));
  by_id("answer").placeholder = texts?.hint ?? "";
  by_id("choices").replaceChildren(
    ...question.choices.map((choice, i) => choice_button(question, { ...choice, text: text_of(choice, i) }, mine)));
  by_id("question-said").textContent = (texts?.said ?? "").replaceAll("`", "");
  const reveal = document.querySelector("[data-lesson=reveal]");
  reveal.disabled = !question.open;
  by_id("answering").hidden = question.choices.length > 0 || !question.open;
  by_id("vote-answer").textContent = live.refused === question.key ? by_id("vote-answer").textContent : "";
  show_typed(question);
  const states = [word(question.answers === 1 ? "live.answers_one" : "live.answers", question.answers)];
  if (question.open) {
    states.push(word(mine ? "live.answered" : question.choices.length > 0 ? "live.answer_open" : "live.answer_open_typed"));
  } else if (question.choices.length === 0) {
    states.push(word("live.right", texts?.right || question.right.join(", ")), mine ? word("live.you_said", mine) : "");
  }
  by_id("question-state").textContent = states.join(" ");
}

function choice_button(question, { key, text, count, right }, mine) {
  const button = element_of("button", right ? "right" : "", "");
  button.type = "button";
  button.disabled = !question.open;
  button.setAttribute("aria-pressed", question.open && key === mine);
  if (!question.open) {
    const bar = element_of("span", "bar-of", "");
    bar.style.width = (100 * count) / Math.max(question.answers, 1) + "%";
    button.append(bar, element_of("span", "count", count));
  }
  button.append((right ? "✓ " : "") + text + (!question.open && key === mine ? " ←" : ""));
  button.addEventListener("click", () => vote(question, key));
  return button;
}

// Which answers were typed, for who drives.
function show_typed({ typed, answers }) {
  by_id("typed-answers").hidden = !typed || typed.length === 0;
  by_id("typed-counts").replaceChildren(...(typed ?? []).map(({ text, count, right }) => {
    const row = element_of("p", right ? "right" : "", "");
    const bar = element_of("span", "bar-of", "");
    bar.style.width = (100 * count) / Math.max(answers, 1) + "%";
    row.append(bar, element_of("span", "count", count), (right ? "✓ " : "") + text);
    return row;
  }));
}

async function vote({ key }, answer) {
  const refusals = { 400: "live.no_answer", 409: "live.too_late" };
  live.refused = "";
  let said = "";
  try {
    await ask("/vote", { question: key, answer });
    sessionStorage.setItem("answer " + key, answer);
    by_id("answer").value = "";
  } catch (error) {
    live.refused = live.state.question?.key;
    said = word(refusals[error.status] ?? "live.away");
  }
  by_id("vote-answer").textContent = said;
  show_question();
}

// The bar.

function show_live_bar() {
  if (!live.started || !live.state) {
    return;
  }
  const { classList } = document.body;
  const { state } = live;
  const away = classList.contains("away");
  classList.toggle("running", state.live && !state.holding && !away);
  classList.toggle("holding", state.live && state.holding && !away);
  // A lesson's run is recorded ahead: how it is now says nothing of the moment that is shown.
  by_id("live-status").textContent = live.lesson && !away ? "" : word(
    away ? (live.over ? "live.over" : "live.away") : !state.live ? "live.ended" : state.holding ? "live.holding" : "live.running");
  by_id("live-people").textContent = word("live.people", state.people);
  by_id("follow").hidden = live.follows;
  by_id("follow").textContent = word("live.follow");
  by_id("drive").hidden = !live.drives;
  classList.toggle("drives", live.drives);
  if (live.drives) {
    show_drive();
  }
}

function show_live_faces() {
  for (const button of document.querySelectorAll("#faces button")) {
    button.setAttribute("aria-pressed", button.dataset.face === live.face);
  }
  document.body.classList.toggle("stage", live.face === "stage");
  // Where there is no room for all, the process of the event is seen.
  const scroll = by_id("memory-scroll");
  if (live.face === "stage" && scroll.scrollWidth > scroll.clientWidth) {
    scroll.scrollLeft = live.acts_at[place] * scroll.scrollWidth - 8;
  }
}

// The memory as a textbook draws it, or at its true addresses.
function show_face(face) {
  live.face = face;
  localStorage.setItem("face", face);
  page.memory_width = 300;
  page.width = 1000;
  page.height = 560;
  for (const texts of Object.values(page.languages)) {
    for (const [at, row] of Object.entries(texts.rows)) {
      row[1] = 3 * at + (face === "stage" ? 2 : 1);
      page.memory_width = Math.max(page.memory_width, texts.pictures[row[1]][0]);
      page.width = Math.max(page.width, texts.pictures[row[0]][0] + page.memory_width + 44);
      page.height = Math.max(page.height, texts.pictures[row[1]][1] + 160);
    }
  }
  show_the(place);
}

function show_drive() {
  const { state } = live;
  for (const button of document.querySelectorAll("#drive [data-do]")) {
    button.disabled = button.dataset.do !== "again" && !state.live;
  }
  by_id("held").replaceChildren(...state.held.map(([index, pid]) => {
    const button = element_of("button", "", word("live.step", pid));
    button.type = "button";
    button.style.background = `var(--badge-${index % 8})`;
    button.style.color = `var(--badge-ink-${index % 8})`;
    button.addEventListener("click", () => do_it({ do: "step", pid }));
    return button;
  }));
  by_id("lead").textContent = word("live.lead");
  by_id("lead").setAttribute("aria-pressed", live.leads);
  by_id("typed").placeholder = word("live.type");
  by_id("command").placeholder = word("live.command");
  by_id("starting").hidden = !state.commands;
  show_examples();
}

async function show_examples() {
  if (live.examples_in === language) {
    return;
  }
  live.examples_in = language;
  const examples = await (await ask(`/examples?language=${language}`)).json();
  const choices = examples.map(({ name, description }) => {
    const option = element_of("option", "", `${name}: ${description}`);
    option.value = name;
    return option;
  });
  const first = element_of("option", "", word("live.example"));
  first.value = "";
  by_id("examples").replaceChildren(first, ...choices);
}

async function do_it(command) {
  let answer = "";
  try {
    await ask("/do", command);
  } catch (error) {
    answer = error.message;
  }
  by_id("drive-answer").textContent = by_id("lesson-answer").textContent = answer;
}

// Blanks separate words, unless quotes hold them together.
const words_of = (text) => (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((one) => one.replace(/^(["'])(.*)\1$/, "$2"));

function listen() {
  addEventListener("hashchange", () => {
    if (/^#(look|drive)=/.test(location.hash)) {
      location.reload(); // another link was opened here
    }
  });
  by_id("follow").addEventListener("click", () => follow(true));
  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.target.closest("input, select");
    if (plain && live.started && (event.code === "KeyF" || event.key.toLowerCase() === "f")) {
      follow(true);
    }
  });
  for (const button of document.querySelectorAll("#drive [data-do]")) {
    const one = button.dataset.do;
    button.addEventListener("click", () => do_it(one === "step" ? { do: one, pid: 0 } : { do: one }));
  }
  for (const button of document.querySelectorAll("#faces button")) {
    button.addEventListener("click", () => show_face(button.dataset.face));
  }
  by_id("lead").addEventListener("click", () => {
    live.leads = !live.leads;
    do_it({ do: "show", moment: live.leads && place < page.moments.length - 1 ? place : null });
    follow(true);
  });
  by_id("examples").addEventListener("change", (event) => {
    if (event.target.value) {
      do_it({ do: "example", name: event.target.value });
      event.target.value = "";
    }
  });
  by_id("typing").addEventListener("submit", (event) => {
    event.preventDefault();
    do_it({ do: "type", text: by_id("typed").value + "\n" });
    by_id("typed").value = "";
  });
  by_id("answering").addEventListener("submit", (event) => {
    event.preventDefault();
    if (by_id("answer").value.trim()) {
      vote(live.state.question, by_id("answer").value.trim());
    }
  });
  by_id("starting").addEventListener("submit", (event) => {
    event.preventDefault();
    do_it({ do: "start", command: words_of(by_id("command").value) });
  });
  by_id("entry").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await come_in({ code: by_id("code").value.replace(/\s/g, "") });
      stay();
    } catch (error) {
      show_entry(why_not_in(error, "live.code_wrong"));
    }
  });
  for (const button of document.querySelectorAll(".entry-language")) {
    button.addEventListener("click", () => {
      if (live.started) {
        before_language(button.dataset.language);
      } else {
        language = button.dataset.language;
        localStorage.setItem("language", language);
      }
      show_entry_words();
      if (live.state) {
        show_lesson();
        show_question();
      }
    });
  }
  for (const button of document.querySelectorAll("[data-lesson]")) {
    button.addEventListener("click", () => do_it({ do: button.dataset.lesson }));
  }
  by_id("naming").addEventListener("submit", (event) => {
    event.preventDefault();
    give_name();
  });
  by_id("named").lastElementChild.addEventListener("click", () => {
    live.renames = true;
    by_id("own-name").value = sessionStorage.getItem("name") ?? "";
    show_lesson();
    by_id("own-name").focus();
  });
  by_id("theme").addEventListener("click", () => localStorage.setItem("theme", root.dataset.theme));
}
