"use strict";
// The page of a lesson: shows one step after the other, and checks what somebody answers against what the recorded run said. The same
// rules as in core/lesson/judge.cpp.

const words = JSON.parse(document.getElementById("words").textContent);
const steps = [...document.querySelectorAll(".step")];
const fill = (text, value) => text.replace("{}", () => value);

// 42, -1, 0x2a, 1,024; null: no number.
function numberOf(text) {
  const found = /^(-?)(0[xX][0-9a-fA-F]+|[0-9]+)$/.exec(text.trim().replaceAll(",", ""));
  if (!found) return null;
  const value = BigInt(found[2]);
  return found[1] ? -value : value;
}

const sameWords = (text) => text.trim().replace(/\s+/g, " ").toLowerCase();

function sameValue(a, b) {
  const x = numberOf(a);
  const y = numberOf(b);
  return x !== null && y !== null ? x === y : sameWords(a) === sameWords(b);
}

// "P(C1(C1.1) C2)" by its shape alone: "(()())"; null: no tree.
function treeShape(text) {
  const signs = text.match(/[^\s,()]+|[()]/g) ?? [];
  let at = 0;
  function one(depth) {
    const named = at < signs.length && signs[at] !== "(" && signs[at] !== ")";
    if (named) at++;
    const opens = signs[at] === "(";
    if ((!named && !opens) || depth > 200) return null;
    const children = [];
    if (opens) {
      at++;
      while (at < signs.length && signs[at] !== ")") {
        const child = one(depth + 1);
        if (child === null) return null;
        children.push(child);
      }
      if (at++ >= signs.length) return null;
    }
    return "(" + children.sort().join("") + ")";
  }
  const shape = one(0);
  return at === signs.length ? shape : null;
}

function isRight(question, given) {
  return question.answers.some((words) => {
    if (question.kind === "choice" || question.kind === "order") return words.join("\n") === given.join("\n");
    if (question.kind === "tree") return treeShape(words[0]) === treeShape(given[0]);
    const asMany = question.kind === "place" ? words.length <= given.length : words.length === given.length;
    return asMany && words.every((word, i) => sameValue(word, given[i]));
  });
}

// What was typed for a place, as its words; null: there is no such place, as in core/lesson/lesson_places.cpp.
function knownPlace(places, typed) {
  const named = (names, name) => names.find((one) => places.of === "frame" ? one === name : one.toLowerCase() === name.toLowerCase());
  const number = numberOf(typed[0]);
  let word;
  if (places.of === "page") {
    const size = BigInt(places.page_size);
    const mapped = number !== null && places.mapped.some(([start, end]) => BigInt(start) <= number && number < BigInt(end));
    word = mapped ? "0x" + (number / size * size).toString(16) : undefined;
  } else if (places.of === "line") {
    const there = number !== null && number > 0n && (places.last_line === null || number <= BigInt(places.last_line));
    word = there ? number.toString() : undefined;
  } else {
    word = named(places.names, typed[0]);
  }
  if (word === undefined || typed.length > 2) return null;
  if (typed.length === 1) return [word];
  const process = places.processes.find((one) => one.toLowerCase() === typed[1].toLowerCase());
  return process === undefined ? null : [word, process];
}

// What was typed, as words; null: it is no answer to this question.
function typedWords(question, inputs) {
  const values = inputs.map((input) => input.value.trim());
  if (values.some((value) => value === "")) return null;
  if (question.kind === "number" && numberOf(values[0]) === null) return null;
  if (question.kind === "tree" && treeShape(values[0]) === null) return null;
  return question.kind === "place" ? values[0].split(/ +/) : values;
}

function textOf(question, given) {
  const itemText = (key) => question.items?.find((item) => item.key === key)?.text ?? key;
  if (question.kind === "choice") return itemText(given[0]);
  if (question.kind === "order") return given.map(itemText).join(" → ");
  if (question.kind === "fill") return given.map((value, i) => question.items[i].text + " = " + value).join(", ");
  return given.join(", ");
}

function setUp(step) {
  const box = step.querySelector(".question");
  if (!box) return;
  const question = JSON.parse(box.querySelector(".data").textContent);
  const buttons = [...box.querySelectorAll(".item")];
  const inputs = [...box.querySelectorAll("input")];
  const answer = box.querySelector(".answer");
  const look = box.querySelector(".look");
  const verdict = box.querySelector(".verdict");
  const before = step.querySelector(".before");
  const after = step.querySelector(".after");
  const order = [];
  after.hidden = true;

  function say(line, feedback, look) {
    verdict.className = "verdict " + look;
    verdict.textContent = line;
    if (feedback) {
      const said = document.createElement("p");
      said.textContent = feedback.replaceAll("`", "");
      verdict.append(said);
    }
  }

  // `given` null: looks without answering.
  function finish(given) {
    const right = given !== null && isRight(question, given);
    for (const control of [...buttons, ...inputs, answer]) if (control) control.disabled = true;
    look.hidden = true;
    if (question.kind === "choice") {
      buttons.forEach((button, i) => {
        const key = question.items[i].key;
        if (question.answers.some((words) => words[0] === key)) button.classList.add("right");
        else if (given !== null && given[0] === key) button.classList.add("missed");
      });
    }
    const chosen = given !== null && question.kind === "choice" ? question.items.find((item) => item.key === given[0]) : null;
    const feedback = right ? question.right : chosen ? chosen.said : question.wrong;
    const told = given === null ? "" : textOf(question, given);
    const line = given === null ? fill(words.shown, question.expected)
      : right ? words.right
      : fill(words.you_said, told) + " " + fill(words.wrong, question.expected);
    say(line, given === null ? "" : feedback.replaceAll("{given}", () => told), given === null ? "" : right ? "good" : "bad");
    if (before.querySelector("img") && after.querySelector("img")) before.querySelectorAll("img").forEach((image) => image.remove());
    after.hidden = false;
  }

  function submit() {
    const given = typedWords(question, inputs);
    if (given === null) return say(words.not_an_answer, "", "bad");
    const answer = question.kind === "place" ? knownPlace(question.places, given) : given;
    if (answer === null) say(question.no_place.replaceAll("{given}", () => given[0].slice(0, 40)), "", "bad");
    else finish(answer);
  }

  buttons.forEach((button, i) => button.addEventListener("click", () => {
    if (question.kind === "choice") return finish([question.items[i].key]);
    const at = order.indexOf(i);
    if (at < 0) order.push(i);
    else order.splice(at, 1);
    if (at < 0 && order.length === buttons.length - 1) order.push(buttons.findIndex((other, k) => !order.includes(k)));
    buttons.forEach((other, k) => {
      const place = order.indexOf(k);
      other.classList.toggle("chosen", place >= 0);
      if (place >= 0) other.dataset.place = place + 1;
      else delete other.dataset.place;
    });
    if (order.length === buttons.length) finish(order.map((k) => question.items[k].key));
  }));
  answer?.addEventListener("click", submit);
  inputs.forEach((input) => input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") submit();
  }));
  look.addEventListener("click", () => finish(null));
}

steps.forEach(setUp);

const about = document.getElementById("about");
const back = document.getElementById("back");
const next = document.getElementById("next");
let now = 0;
function show(at, scroll) {
  now = Math.max(0, Math.min(at, steps.length - 1));
  steps.forEach((step, i) => { step.hidden = i !== now; });
  about.hidden = now !== 0;
  back.disabled = now === 0;
  next.disabled = now === steps.length - 1;
  document.getElementById("place").textContent = now + 1 + " / " + steps.length;
  if (scroll) window.scrollTo(0, 0);
}
back.addEventListener("click", () => show(now - 1, true));
next.addEventListener("click", () => show(now + 1, true));
document.addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLInputElement || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "ArrowRight") show(now + 1, true);
  if (event.key === "ArrowLeft") show(now - 1, true);
});
document.querySelector("nav").hidden = false;
show(0, false);
