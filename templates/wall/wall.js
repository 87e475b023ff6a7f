// The wall, live. Everything drawn here comes from other people's feeds: it is set as text or as an attribute, never
// as markup (the page's policy forbids it too: require-trusted-types-for 'script').
"use strict";

const TELEGRAM_AND_X = ["telegram", "x"];
const WORDS = { live: "مباشر", lost: "انقطع الاتصال، نعيد المحاولة", wait: "نتصل…" };
const FIRST_WAIT = 2000; // milliseconds; doubled after each refusal
const LONGEST_WAIT = 30000;

const most = Number(document.body.dataset.most);
const clock = new Intl.DateTimeFormat("ar-u-nu-latn", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const calendar = new Intl.DateTimeFormat("ar-u-nu-latn", { dateStyle: "full", timeStyle: "medium" });
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Write a moment in the reader's own time zone. */
function tell(time) {
  const moment = new Date(Number(time.dataset.at) * 1000);
  time.dateTime = moment.toISOString();
  time.textContent = clock.format(moment);
  time.title = calendar.format(moment);
}

/** One segment of a post's text: a link, a marked stretch, or plain text. */
function drawn(segment) {
  if (!segment.href && !segment.marks.length) {
    return document.createTextNode(segment.text);
  }
  const node = document.createElement(segment.href ? "a" : "span");
  if (segment.href) {
    node.href = segment.href;
    node.title = segment.href;
    node.target = "_blank";
    node.rel = "noopener noreferrer nofollow";
  }
  node.className = segment.marks.join(" ");
  node.textContent = segment.text;
  return node;
}

/** A picture that cannot be had leaves no hole. It may have come, or failed, before this script ran. */
function watch(picture) {
  const settle = () => (picture.naturalWidth ? picture.classList.add("there") : picture.remove());
  if (picture.complete && picture.hasAttribute("src")) {
    settle();
    return;
  }
  picture.addEventListener("load", settle);
  picture.addEventListener("error", settle);
}

/** A post's list entry, made from the page's own <template>. */
function entryOf(post) {
  const model = document.getElementById(`${post.network}-post`).content.firstElementChild;
  const entry = document.importNode(model, true);
  const slot = (name) => entry.querySelector(`[data-slot="${name}"]`);
  Object.assign(entry.dataset, { id: post.id, number: post.number, at: post.at });

  for (const name of ["name", "handle", "domain", "headline", "lead"]) {
    slot(name).textContent = post[name];
  }
  slot("site").textContent = post.name;
  slot("text").replaceChildren(...post.segments.map(drawn));
  slot("time").dataset.at = post.at;
  tell(slot("time"));

  const part = Math.min(100, Math.floor((100 * post.length) / (post.limit || 1)));
  slot("meter").dataset.level = post.length > post.limit ? "over" : part >= 90 ? "near" : "fine";
  slot("ring").setAttribute("stroke-dasharray", `${part} 100`);
  slot("length").textContent = `${post.length} / ${post.limit}`;

  if (post.picture) {
    watch(slot("picture"));
    slot("picture").alt = post.alt;
    slot("picture").src = post.picture;
  }
  if (post.preview) {
    slot("preview").href = post.link;
  }
  const wanted = { picture: post.picture, preview: post.preview, edited: post.edited, silent: post.silent, loud: !post.silent };
  for (const [name, keep] of Object.entries(wanted)) {
    if (!keep) {
      slot(name)?.remove();
    }
  }
  return entry;
}

/** Put a post where its time puts it; one that stands there already is drawn anew in its place. */
function place(post) {
  if (!TELEGRAM_AND_X.includes(post.network)) {
    return;
  }
  const list = document.getElementById(`${post.network}-posts`);
  const entries = [...list.children];
  const before = entries.find((other) => other.dataset.id === post.id);
  if (before) {
    if (Number(before.dataset.number) !== post.number) {
      before.replaceWith(entryOf(post));
    }
    return;
  }
  const entry = entryOf(post);
  const next = entries.find((other) => Number(other.dataset.at) <= post.at);
  list.insertBefore(entry, next ?? null);
  while (list.children.length > most) {
    list.lastElementChild.remove();
  }
  if (entry === list.firstElementChild) {
    slideIn(list, entry);
  }
}

/** The newest post comes down from above and takes the others with it. */
function slideIn(list, entry) {
  // A reader who scrolled down is left where they read: the browser's scroll anchoring holds the place.
  if (still.matches || list.getBoundingClientRect().top < 0) {
    return;
  }
  const height = entry.getBoundingClientRect().height;
  const timing = { duration: 520, easing: "cubic-bezier(.2,.8,.2,1)" };
  list.animate([{ transform: `translateY(${-height}px)` }, { transform: "none" }], timing);
  entry.animate([{ opacity: 0 }, { opacity: 1 }], timing);
}

const live = document.getElementById("live");

function say(state) {
  live.dataset.state = state;
  live.querySelector("b").textContent = WORDS[state];
}

let newest = document.body.dataset.newest;
let wait = FIRST_WAIT;

/** Listen. A browser comes again by itself after a broken stream, but not after a refusal: then we do. */
function listen() {
  const source = new EventSource(`/wall/events?after=${newest}`);
  source.addEventListener("open", () => {
    wait = FIRST_WAIT;
    say("live");
  });
  source.addEventListener("post", (event) => {
    newest = event.lastEventId;
    place(JSON.parse(event.data));
  });
  source.addEventListener("error", () => {
    say("lost");
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(listen, wait);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    }
  });
  // A page that is left must not hold its stream open in the background of the browser.
  window.addEventListener("pagehide", () => source.close(), { once: true });
}

window.addEventListener("pageshow", (event) => event.persisted && listen());
document.querySelectorAll("time[data-at]").forEach(tell);
document.querySelectorAll("img.picture").forEach(watch);
say("wait");
listen();
