// The phone: asks features through the console, shows what comes, and takes away what is withdrawn.
// Everything that a model wrote enters the page as text, never as markup.

const root = document.getElementById("try");
const setup = JSON.parse(root.dataset.setup);
const words = setup.words;
const by = (id) => document.getElementById(id);
root.querySelector(".noscript").remove();

const say = (key, values = {}) =>
  (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));

function make(tag, attributes = {}, ...inside) {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") found.addEventListener("click", value);
    else found.setAttribute(name, value);
  }
  found.append(...inside);
  return found;
}

const text = (value, className = "text") => make("div", { class: className, dir: "auto" }, value);

function context(feature) {
  const inside = by("device").value === "in";
  return {
    device_region: setup.region[0],
    account_region: setup.region[1],
    targeting_key: inside ? (setup.keys[feature] ?? "try-0") : `stranger-${feature}`,
  };
}

// Asks a feature. `on.delta` gets pieces of the text as they come, `on.retract` is told to take them away.
async function ask(feature, input, on = {}) {
  const body = JSON.stringify({ locale: setup.locale, input, context: context(feature) });
  let answer;
  try {
    answer = await fetch(`/console/try/features/${feature}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: on.delta ? "text/event-stream, application/json" : "application/json",
        "X-Pratique-Form": setup.csrf,
      },
      body,
    });
  } catch {
    return { problem: { code: "unreachable" } };
  }
  const kind = answer.headers.get("Content-Type") ?? "";
  if (kind.startsWith("text/event-stream")) return streamed(answer, on);
  try {
    const found = await answer.json();
    return answer.ok ? { envelope: found } : { problem: found };
  } catch {
    return { problem: { code: "internal_error" } };
  }
}

async function streamed(answer, on) {
  const found = {};
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    rest += value;
    const parts = rest.split("\n\n");
    rest = parts.pop();
    for (const part of parts) took(part, found, on);
  }
  return found.envelope || found.problem || found.retract
    ? found
    : { problem: { code: "partner_unavailable" } };
}

function took(part, found, on) {
  const lines = part.split("\n");
  const name = lines.find((one) => one.startsWith("event:"))?.slice(6).trim();
  const data = lines.filter((one) => one.startsWith("data:")).map((one) => one.slice(5).trimStart());
  if (!name || !data.length) return;
  const value = JSON.parse(data.join("\n"));
  if (name === "meta") found.meta = value;
  if (name === "delta") on.delta?.(value.text);
  if (name === "retract") {
    found.retract = value;
    on.retract?.(value);
  }
  if (name === "final") found.envelope = value;
  if (name === "error") found.problem = value;
}

// Where an answer comes from: the label, the model and its number, as the market asks.
function origin(envelope) {
  const label = typeof envelope.label === "string" ? envelope.label : envelope.label?.visible;
  const simulated = envelope.simulated ? ` · ${say("simulated")}` : "";
  return make(
    "p",
    { class: "origin" },
    label ? make("strong", {}, `${label} `) : "",
    say("origin", { model: `${envelope.partner}/${envelope.model}`, number: envelope.filing_no }),
    simulated,
  );
}

function refusal(problem) {
  const code = problem.code ?? "internal_error";
  const found = make("div", { class: "fault", role: "alert" }, say(`why_${code}`));
  if (problem.detail) found.append(make("p", { class: "detail", lang: "en" }, problem.detail));
  return found;
}

function withdrawn(reason, replacement) {
  const found = make("div", { class: "fault withdrawn", role: "alert" });
  found.append(make("strong", {}, say("retracted")), ` ${say(`because_${reason}`)}`);
  if (replacement) found.append(text(replacement));
  return found;
}

// Shows what came: the output by `show`, or why there is none. The original always stays.
function settle(place, found, show) {
  place.setAttribute("aria-busy", "false");
  if (found.retract) {
    place.replaceChildren(withdrawn(found.retract.reason, found.retract.replacement));
    return;
  }
  if (found.problem) {
    place.replaceChildren(refusal(found.problem));
    return;
  }
  const envelope = found.envelope;
  if (envelope.status !== "ok") {
    const said = envelope.said?.text ?? "";
    const kept = make("div", { class: "fault", role: "status" }, say(`status_${envelope.status}`));
    kept.append(` ${say("original_stays")}`);
    if (said) kept.append(text(said));
    place.replaceChildren(kept, origin(envelope));
    return;
  }
  place.replaceChildren(...show(envelope.output), origin(envelope));
}

function waiting(place) {
  place.setAttribute("aria-busy", "true");
  place.replaceChildren(make("p", { class: "soft" }, say("waiting")));
}

async function whole(button, place, feature, input, show) {
  button.disabled = true;
  waiting(place);
  settle(place, await ask(feature, input), show);
  button.disabled = false;
  button.focus();
}

// The same for a feature whose answer is one text, shown as it comes.
async function flowing(button, place, feature, input, show) {
  button.disabled = true;
  waiting(place);
  let growing = null;
  const found = await ask(feature, input, {
    delta(piece) {
      if (!growing) {
        growing = text("", "text growing");
        place.replaceChildren(growing);
      }
      growing.append(piece);
    },
    retract(value) {
      place.replaceChildren(withdrawn(value.reason, value.replacement));
    },
  });
  settle(place, found, show);
  button.disabled = false;
  button.focus();
}

// Notes: proofreading with each edit accepted or reverted by itself; rewriting; summing up.

const note = by("note");
const noteAnswer = by("note-answer");

function useText(value) {
  return make(
    "button",
    {
      class: "quiet",
      onclick() {
        note.value = value;
        noteAnswer.replaceChildren(make("p", { role: "status" }, say("taken")));
        note.focus();
      },
    },
    say("use"),
  );
}

function proofread(original, output) {
  const symbols = Array.from(original); // code points, as the corrections count
  const edits = output.corrections.map((one) => ({ ...one, accepted: true }));
  if (!edits.length) return [make("p", {}, say("nothing_to_correct"))];
  const line = make("div", { class: "text proof", dir: "auto" });
  const list = make("ul", { class: "edits" });
  const result = () => {
    let at = 0;
    let made = "";
    for (const one of edits) {
      made += symbols.slice(at, one.start).join("");
      made += one.accepted ? one.replacement : symbols.slice(one.start, one.end).join("");
      at = one.end;
    }
    return made + symbols.slice(at).join("");
  };
  const draw = () => {
    line.replaceChildren();
    list.replaceChildren();
    let at = 0;
    edits.forEach((one, place) => {
      const before = symbols.slice(one.start, one.end).join("");
      line.append(symbols.slice(at, one.start).join(""));
      line.append(
        one.accepted
          ? make("ins", {}, one.replacement || "⌫")
          : make("span", { class: "kept" }, before || "∅"),
      );
      at = one.end;
      const button = make(
        "button",
        {
          class: "quiet",
          "aria-pressed": String(one.accepted),
          onclick() {
            one.accepted = !one.accepted;
            draw();
            list.children[place].querySelector("button").focus();
          },
        },
        one.accepted ? say("revert") : say("accept"),
      );
      list.append(
        make(
          "li",
          {},
          make("del", {}, before || "∅"),
          " → ",
          make("ins", {}, one.replacement || "⌫"),
          " ",
          make("span", { class: "soft" }, one.types.map((type) => say(`type_${type}`)).join(", ")),
          one.explanation ? make("div", { class: "detail", dir: "auto" }, one.explanation) : "",
          button,
        ),
      );
    });
    line.append(symbols.slice(at).join(""));
  };
  draw();
  const all = (accepted) => () => {
    for (const one of edits) one.accepted = accepted;
    draw();
  };
  return [
    line,
    list,
    make(
      "div",
      { class: "tools" },
      make("button", { class: "quiet", onclick: all(true) }, say("accept_all")),
      make("button", { class: "quiet", onclick: all(false) }, say("revert_all")),
      make(
        "button",
        {
          onclick() {
            note.value = result();
            noteAnswer.replaceChildren(make("p", { role: "status" }, say("taken")));
            note.focus();
          },
        },
        say("use"),
      ),
    ),
  ];
}

by("proofread").addEventListener("click", (event) => {
  const original = note.value;
  whole(event.currentTarget, noteAnswer, "proofread", { text: original }, (output) =>
    proofread(original, output),
  );
});
by("rewrite").addEventListener("click", (event) =>
  flowing(
    event.currentTarget,
    noteAnswer,
    "rewrite",
    { text: note.value, tone: by("tone").value },
    (output) => [text(output.text), useText(output.text)],
  ),
);
by("summarize").addEventListener("click", (event) =>
  flowing(
    event.currentTarget,
    noteAnswer,
    "summarize",
    { text: note.value, kind: "article", length: "short" },
    (output) => [text(output.summary), useText(output.summary)],
  ),
);
by("keypoints").addEventListener("click", (event) =>
  whole(event.currentTarget, noteAnswer, "keypoints", { text: note.value, max: 3 }, (output) => [
    make("ul", {}, ...output.points.map((one) => make("li", { dir: "auto" }, one))),
  ]),
);

// The lock screen.

const stack = setup.examples.notification_summary ?? { app_category: "messages", items: [] };
const urgent = setup.examples.priority;
const notices = [
  ...stack.items.map((one) => ({ app_category: stack.app_category, ...one })),
  ...(urgent ? [urgent.item] : []),
];
const cards = notices.map((one) =>
  make(
    "article",
    { class: "card notice-card" },
    make("strong", { dir: "auto" }, one.title),
    text(one.body, "body"),
    make("span", { class: "rank" }),
  ),
);
by("notices").replaceChildren(...cards);

by("sum-notices").addEventListener("click", (event) =>
  whole(event.currentTarget, by("lock-answer"), "notification_summary", stack, (output) =>
    output.suppressed
      ? [make("p", {}, say("suppressed"))]
      : [text(output.line), make("p", { class: "soft" }, say("covers", { count: output.covers.length }))],
  ),
);
by("rank").addEventListener("click", async (event) => {
  const button = event.currentTarget;
  const place = by("lock-answer");
  button.disabled = true;
  waiting(place);
  const now = urgent?.now ?? stack.items.at(-1)?.ts;
  let last = null;
  for (const [at, one] of notices.entries()) {
    const { id: _, ...item } = one;
    last = await ask("priority", { now, item });
    if (last.problem) break;
    const output = last.envelope.output;
    const badge = cards[at].querySelector(".rank");
    badge.textContent = !output
      ? say(`status_${last.envelope.status}`)
      : output.urgent
        ? `▲ ${say("urgent")}: ${say(`reason_${output.reason_code}`)}`
        : say("not_urgent");
    badge.classList.toggle("is-urgent", Boolean(output?.urgent));
  }
  settle(place, last ?? { problem: { code: "internal_error" } }, () => [make("p", {}, say("ranked"))]);
  button.disabled = false;
  button.focus();
});

// Messages.

const talk = structuredClone(setup.examples.smart_reply ?? { me: "", thread: [] });

function drawThread() {
  by("thread").replaceChildren(
    ...talk.thread.map((one) =>
      make(
        "li",
        { class: one.from === talk.me ? "mine" : "theirs" },
        make("span", { class: "soft", dir: "auto" }, one.from),
        text(one.text, "bubble"),
      ),
    ),
  );
}
drawThread();

by("suggest").addEventListener("click", (event) =>
  whole(event.currentTarget, by("messages-answer"), "smart_reply", talk, (output) => [
    make(
      "div",
      { class: "tools" },
      ...output.replies.map((one) =>
        make(
          "button",
          {
            class: "quiet chip",
            dir: "auto",
            onclick() {
              by("reply").value = one;
              by("reply").focus();
            },
          },
          one,
        ),
      ),
    ),
  ]),
);
by("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  const value = by("reply").value.trim();
  if (!value) return;
  talk.thread.push({ from: talk.me, text: value });
  by("reply").value = "";
  by("messages-answer").replaceChildren();
  drawThread();
});

// Mail: a summary, and a draft after the questions that it asks.

const post = setup.examples.mail_summary ?? { messages: [] };
const reply = setup.examples.reply_draft;
by("mails").replaceChildren(
  ...post.messages.map((one) =>
    make(
      "article",
      { class: "card" },
      make("strong", { dir: "auto" }, one.subject),
      make("p", { class: "soft", dir: "auto" }, one.from),
      text(one.body),
    ),
  ),
  ...(reply?.thread ?? []).map((one) =>
    make("article", { class: "card" }, make("strong", { dir: "auto" }, one.from), text(one.text)),
  ),
);

by("sum-mail").addEventListener("click", (event) =>
  whole(event.currentTarget, by("mail-answer"), "mail_summary", post, (output) => [
    make("p", {}, make("strong", { dir: "auto" }, output.topline)),
    text(output.synopsis),
  ]),
);

function questions(button, asked) {
  const chosen = new Map();
  const form = make("form", { class: "stacked" });
  asked.forEach((one, place) => {
    const box = make("fieldset", {}, make("legend", { dir: "auto" }, one.q));
    one.options.forEach((option) => {
      const input = make("input", { type: "radio", name: `q${place}`, value: option, required: "" });
      input.addEventListener("change", () => chosen.set(one.q, option));
      box.append(make("label", { class: "grade", dir: "auto" }, input, option), make("br"));
    });
    form.append(box);
  });
  form.append(make("button", {}, say("draft")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answers = [...chosen].map(([q, a]) => ({ q, a }));
    draft(button, { ...reply, answers });
  });
  return form;
}

const draft = (button, input) =>
  whole(button, by("mail-answer"), "reply_draft", input, (output) =>
    output.questions?.length
      ? [questions(button, output.questions)]
      : [text(output.draft ?? say("nothing_asked"))],
  );
by("draft").addEventListener("click", (event) => draft(event.currentTarget, reply));

// A poster.

by("events").addEventListener("click", (event) =>
  whole(
    event.currentTarget,
    by("poster-answer"),
    "extract_event",
    { ocr_text: by("poster").value, today: setup.examples.extract_event?.today },
    (output) =>
      output.events.length
        ? output.events.map((one) =>
            make(
              "article",
              { class: "card" },
              make("strong", { dir: "auto" }, one.title),
              make("p", {}, [one.start, one.end].filter(Boolean).join(" – ").replaceAll("T", " ")),
              one.place ? make("p", { dir: "auto" }, one.place) : "",
              one.notes ? make("p", { class: "soft", dir: "auto" }, one.notes) : "",
            ),
          )
        : [make("p", {}, say("no_events"))],
  ),
);

// What the phone begins with, its tabs, and which features would answer.

note.value = setup.examples[setup.first]?.text ?? setup.examples.proofread?.text ?? "";
by("poster").value = setup.examples.extract_event?.ocr_text ?? "";

const tabs = [...root.querySelectorAll("[role=tab]")];
function select(tab) {
  for (const one of tabs) {
    const on = one === tab;
    one.setAttribute("aria-selected", String(on));
    one.tabIndex = on ? 0 : -1;
    by(one.getAttribute("aria-controls")).hidden = !on;
  }
  tab.focus();
}
for (const [at, tab] of tabs.entries()) {
  tab.addEventListener("click", () => select(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) select(tabs[(at + step + tabs.length) % tabs.length]);
  });
}

async function availability() {
  await Promise.all(
    [...root.querySelectorAll("button[data-feature]")].map(async (button) => {
      const feature = button.dataset.feature;
      const asked = new URLSearchParams({ locale: setup.locale, ...context(feature) });
      let found = { available: false, reason: "unknown_feature" };
      // What the market does not offer at all need not be asked for.
      if (setup.offered.includes(feature)) try {
        const answer = await fetch(`/console/try/features/${feature}/availability?${asked}`);
        found = await answer.json();
      } catch {
        found = { available: false, reason: "internal_error" };
      }
      const reason = found.available ? "" : (found.reason ?? found.code ?? "internal_error");
      button.classList.toggle("off", Boolean(reason));
      button.title = reason ? say(`why_${reason}`) : "";
      let told = button.querySelector(".why");
      if (reason && !told) {
        told = make("span", { class: "why" });
        button.append(told);
      }
      if (told) told.textContent = reason ? ` ${say("off")}` : "";
    }),
  );
}
by("device").addEventListener("change", availability);
await availability();
root.dataset.ready = "yes";
