"use strict";

// A shared run: the page is filled in as the run goes on. Events come as server-sent events, the pictures of a moment are asked for when
// they are shown, and forgotten when many others were shown since.
const words = JSON.parse(by_id("words").textContent);
const most_scenes = 120;
const patience = 25000; // milliseconds; the server gives a sign of life every 10 seconds

const live = {
  token: sessionStorage.getItem("token"),
  drives: sessionStorage.getItem("rights") === "drive",
  generation: -1,
  images: -1,
  state: null,
  follows: true, // what everybody is shown
  wanted: 0, // the moment to be shown …
  showing: false, // … by the loop that asks for pictures
  scenes: [], // [language, moment] of those that are here, the oldest first
  timeline_of: "", // what the timeline here is of
  timeline_due: 0,
  started: false,
  leads: false,
  acts_at: {}, // for each moment: which part of the stage's width is before the process of the event
  face: localStorage.getItem("face") ?? "stage", // how memory is drawn
  lesson: null, // the step where it stands
  figure_of: "", // the step whose picture is shown
  over: false, // whoever shared it has ended that
};

language = localStorage.getItem("language") ?? (navigator.language.startsWith("ko") ? "ko" : "en");

function word(key, ...values) {
  let next = 0;
  return (words[language][key] ?? key).replace(/\{\}/g, () => values[next++]);
}

class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

async function ask(path, body, signal) {
  const options = { headers: {}, cache: "no-store", credentials: "omit", redirect: "error", signal };
  if (live.token) {
    options.headers.Authorization = "Bearer " + live.token;
  }
  if (body) {
    options.method = "POST";
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options);
  if (!response.ok) {
    throw new Refused(response.status, await response.text());
  }
  return response;
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// The secret of the link is not left in the address, which others may see on a screen.
async function come_in_by_link() {
  const link = /^#(?:look|drive)=([0-9a-f]+)$/.exec(location.hash);
  if (!link) {
    return;
  }
  history.replaceState(null, "", location.pathname);
  await come_in({ secret: link[1] });
}

// What the server tells.

function begin_run(state) {
  live.generation = state.generation;
  live.images = state.images;
  live.scenes = [];
  live.timeline_of = "";
  page = {
    title: state.title, language, theme: localStorage.getItem("theme") ?? "", last: 0, opens: 0, left_out: 0, output_left_out: 0,
    width: 1000, height: 560, memory_width: 300, pids: [], moments: [], output: [], languages: {},
  };
  for (const code of Object.keys(words)) {
    page.languages[code] = { words: words[code], lines: [], pictures: {}, sentences: {}, rows: {}, timeline: null };
  }
  output.lines = [];
  output.taken = 0;
  for (const id of Object.keys(shown)) {
    delete shown[id];
  }
  live.follows = true;
  live.leads = false;
}

function forget_scenes() {
  for (const texts of Object.values(page.languages)) {
    Object.assign(texts, { pictures: {}, sentences: {}, rows: {} });
  }
  live.scenes = [];
  live.timeline_of = ""; // other parts of it may be given out now
  live.timeline_due = 0;
}

function take_state(state) {
  if (state.generation !== live.generation) {
    begin_run(state);
  } else if (state.images !== live.images) {
    live.images = state.images;
    forget_scenes();
  }
  live.state = state;
  for (const [part, given] of Object.entries(state.parts)) {
    document.body.classList.toggle("no-" + part, !given);
  }
  page.title = state.title;
  page.output_left_out = state.output_left_out;
  if (live.started) {
    by_id("title").textContent = state.title;
    show_live_bar();
  }
  show_question();
  follow_the_shown();
}

function take_rows({ from, ms, born, output: writes }) {
  ms.forEach((time, i) => {
    page.moments[from + i] ??= [from + i, (time / 1000).toFixed(3), 0, 0, 0, 0];
  });
  for (const [index, pid] of born) {
    page.pids[index] = pid;
  }
  const known = page.output.length === 0 ? -1 : page.output[page.output.length - 1][0];
  page.output.push(...writes.filter((write) => write[0] > known));
  page.last = page.moments.length - 1;
  follow_the_shown();
}

function take_message(text) {
  const [, kind, data] = /^event: (\w+)\ndata: (.*)$/.exec(text) ?? [];
  if (kind === "state") {
    take_state(JSON.parse(data));
  } else if (kind === "lesson") {
    take_lesson(JSON.parse(data));
  } else if (kind === "rows") {
    take_rows(JSON.parse(data));
  } else if (kind === "over") {
    live.over = true;
  }
}

async function read_stream(taken) {
  const stop = new AbortController();
  let silent = setTimeout(() => stop.abort(), patience);
  try {
    const from = page ? page.moments.length : 0;
    const response = await ask(`/events?generation=${Math.max(live.generation, 0)}&from=${from}`, null, stop.signal);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(silent);
      silent = setTimeout(() => stop.abort(), patience);
      taken();
      text += value;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        take_message(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
  } finally {
    clearTimeout(silent);
  }
}

// Nothing can be pressed that nobody hears.
function show_away(away) {
  live.over &&= away;
  document.body.classList.toggle("away", away);
  by_id("lost").hidden = !away;
  by_id("lost").textContent = word(live.over ? "live.over" : "live.away");
  for (const id of ["naming", "named", "question", "lesson-drive", "drive", "follow"]) {
    by_id(id).inert = away;
  }
  show_live_bar();
}

async function stay() {
  for (;;) {
    try {
      await read_stream(() => {
        if (document.body.classList.contains("away")) {
          show_away(false);
        }
      });
    } catch (error) {
      if (error.status === 401) {
        show_away(false);
        show_entry(word("live.ended_here"));
        return;
      }
    }
    show_away(true);
    await pause(700 + 800 * Math.random()); // a class does not come back all at once
  }
}

// Showing moments.

function keep_scene(code, scene) {
  const texts = page.languages[code];
  const at = scene.moment;
  texts.pictures[3 * at] = scene.tree;
  texts.pictures[3 * at + 1] = scene.memory;
  texts.pictures[3 * at + 2] = scene.stage;
  texts.sentences[at] = scene.sentence;
  live.acts_at[at] = scene.acts_at;
  texts.rows[at] = [3 * at, 3 * at + (live.face === "stage" ? 2 : 1), at];
  page.moments[at] = [at, page.moments[at][1], scene.alive, scene.zombies, scene.gone, scene.columns];
  page.memory_width = Math.max(page.memory_width, scene[live.face][0]);
  page.width = Math.max(page.width, scene.tree[0] + page.memory_width + 44);
  page.height = Math.max(page.height, scene[live.face][1] + 160);
  live.scenes.push([code, at]);
  while (live.scenes.length > most_scenes) {
    const [old_code, old] = live.scenes.shift();
    const from = page.languages[old_code];
    for (const i of [0, 1, 2]) {
      delete from.pictures[3 * old + i];
    }
    delete from.sentences[old];
    delete live.acts_at[old];
    delete from.rows[old];
  }
}

async function fetch_scene(code, moment) {
  const { generation, images } = live;
  const response = await ask(`/scene?generation=${generation}&moment=${moment}&language=${code}`);
  if (response.status === 200) {
    const scene = await response.json();
    if (generation === live.generation && images === live.images) {
      keep_scene(code, scene);
    }
  }
}

async function fetch_timeline(code) {
  const { generation } = live;
  const response = await ask(`/timeline?generation=${generation}&language=${code}`);
  if (response.status !== 200) {
    return;
  }
  const { events, picture, left, step, below_ruler } = await response.json();
  if (generation !== live.generation) {
    return;
  }
  const texts = page.languages[code];
  texts.pictures.timeline = picture;
  texts.timeline = { picture: "timeline", left, step, width: picture[0], below_ruler };
  live.timeline_of = `${code} ${generation} ${events}`;
  if (live.started) {
    delete shown["timeline-picture"];
    show_picture("timeline-picture", "timeline", filled("timeline.title"));
    by_id("timeline").style.width = `calc(${picture[0]} * var(--unit))`;
  }
}

function show_sizes() {
  root.style.setProperty("--width", page.width);
  root.style.setProperty("--height", page.height);
  root.style.setProperty("--memory-width", page.memory_width);
}

// The timeline grows at most once a second.
async function refresh_timeline() {
  const now = performance.now();
  if (live.timeline_of === `${language} ${live.generation} ${page.moments.length}`) {
    return;
  }
  if (now < live.timeline_due) {
    clearTimeout(live.timeline_timer);
    live.timeline_timer = setTimeout(() => show_wanted(live.wanted), live.timeline_due - now);
    return;
  }
  live.timeline_due = now + 1000;
  await fetch_timeline(language);
  if (live.timeline_of !== `${language} ${live.generation} ${page.moments.length}`) {
    clearTimeout(live.timeline_timer);
    live.timeline_timer = setTimeout(() => show_wanted(live.wanted), 2000); // of a long run it comes later
  }
  if (page.languages[language].rows[place]) {
    show_moment();
  }
}

function show_the(moment) {
  place = moment;
  show_sizes();
  if (live.started) {
    show_moment();
    show_live_faces();
  } else {
    live.started = true;
    page.opens = moment;
    document.body.classList.remove("entering");
    start();
    show_live_bar();
    show_live_faces();
  }
}

// Asks for what is wanted until it is shown. Who cannot keep up leaves out moments, never the last one.
async function show_wanted(moment) {
  live.wanted = moment;
  if (live.showing) {
    return;
  }
  live.showing = true;
  try {
    for (let done = false; !done; ) {
      const { generation, wanted } = live;
      const code = language;
      if (!page.languages[code].timeline) {
        await fetch_timeline(code);
      }
      if (!page.languages[code].rows[wanted]) {
        await fetch_scene(code, wanted);
      }
      const same = generation === live.generation && code === language && page.languages[code].rows[wanted];
      if (same && page.languages[code].timeline) {
        show_the(wanted);
      }
      done = (same && wanted === live.wanted) || live.state.question?.open;
      if (!same && !done) {
        await pause(100);
      }
    }
    if (!live.state.question?.open) {
      await refresh_timeline();
    }
  } catch (error) {
    await pause(500); // the stream tells whether the server is there
  } finally {
    live.showing = false;
  }
  if (place !== live.wanted && !live.state.question?.open) {
    show_wanted(live.wanted);
  }
}

const shown_to_all = () => live.state.shown ?? Math.max(page.moments.length - 1, 0);

function follow_the_shown() {
  if (live.state.question?.open || page.moments.length === 0 || (live.state.shown !== null && !page.moments[live.state.shown])) {
    return; // its row is still to come
  }
  if (live.follows) {
    show_wanted(shown_to_all());
  } else if (live.started) {
    show_wanted(live.wanted);
  }
}

function follow(follows) {
  live.follows = follows;
  show_live_bar();
  follow_the_shown();
}

before_moment = (next) => {
  if (live.leads) {
    do_it({ do: "show", moment: next === page.moments.length - 1 ? null : next });
    return;
  }
  live.follows = next === shown_to_all();
  show_live_bar();
  show_wanted(next);
};

before_language = (chosen) => {
  localStorage.setItem("language", chosen);
  language = chosen;
  live.timeline_due = 0;
  for (const id of Object.keys(shown)) {
    delete shown[id];
  }
  show_lesson();
  const wait = async () => {
    while (live.showing) {
      await pause(20);
    }
    await show_wanted(live.wanted);
    if (page.languages[chosen].timeline && page.languages[chosen].rows[place]) { // not while a question veils the run
      show_language(chosen);
    } else {
      show_entry_words();
    }
    show_live_bar();
  };
  wait();
};

async function begin() {
  root.dataset.theme = localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  listen();
  try {
    await come_in_by_link();
  } catch (error) {
    show_entry(why_not_in(error, "live.link_old"));
    return;
  }
  if (live.token) {
    stay();
  } else {
    show_entry("");
  }
}

begin();
