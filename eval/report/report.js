"use strict";
// Builds the page from the run that is embedded in it. Every text is set as text, never as markup; cases are parsed and drawn when they are needed.
(function () {
  const run = JSON.parse(document.getElementById("run").textContent);
  const lines = document.getElementById("lines").textContent.trim().split("\n").filter(Boolean);
  const PAGE = 40;
  const VERDICTS = ["supported", "partly", "unsupported", "not_checkable"];
  const SAID = { supported: "supported", partly: "partly supported", unsupported: "unsupported", not_checkable: "not checkable" };
  const OUTCOMES = { answered: "answered", corrected: "corrected", not_found: "refused", error: "failed" };
  const KINDS = ["all", ...run.kinds];
  const byId = (id) => document.getElementById(id);
  const spoken = (name) => name.replace(/_/g, " ");

  function el(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }

  function svg(name, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  const text = (value, name) => el(name || "span", { class: "untrusted", dir: "auto" }, String(value));

  // ---- figures

  const measures = new Map(run.measures.map((measure, place) => [measure.name, { ...measure, place }]));
  const row = (kind, name) => run.rows.find((one) => one.kind === kind && one.measure === name);

  function figure(value, unit) {
    if (value === null || value === undefined) return "–";
    if (unit === "%") return (100 * value).toFixed(1) + " %";
    return unit === "0–1" ? value.toFixed(3) : String(Math.round(1000 * value) / 1000);
  }

  function between(one, unit) {
    return one.low === null ? "" : `${figure(one.low, unit).replace(" %", "")}–${figure(one.high, unit)}`;
  }

  const count = (number) => number.toLocaleString("en");
  const many = (one) => `n\u00a0=\u00a0${count(one.n)}${unscored(one)}`;

  function unscored(one) {
    return one.unscored ? `, ${count(one.unscored)}\u00a0not\u00a0scored` : "";
  }

  // ---- the head of the page

  function head() {
    byId("title").textContent = run.title;
    byId("about").append(text(run.about));
    for (const notice of run.notices) byId("notices").append(el("p", { class: "notice" }, text(notice)));
    byId("card").append(text(run.card));
    for (const [name, value] of run.went) byId("went").append(el("dt", {}, name), el("dd", { class: "mono" }, text(value)));
    for (const name of run.glance) {
      const one = row("all", name);
      if (one) byId("glance").append(tile(measures.get(name).label, figure(one.value, measures.get(name).unit), `${between(one, measures.get(name).unit)}, ${many(one)}`));
    }
    byId("glance").append(
      tile("cases failed", count(run.failed), `of ${count(run.index.length)}`),
      tile("scores that could not be made", count(run.unscored), "counted, in no mean")
    );
  }

  function tile(name, value, note) {
    return el("div", { class: "tile" }, el("span", {}, name), el("b", {}, value), el("span", { class: "quiet" }, note.replace(/^, /, "")));
  }

  // ---- charts

  function verdictChart() {
    for (const verdict of VERDICTS) byId("legend").append(el("li", {}, el("i", { class: "fill-" + verdict }), SAID[verdict]));
    for (const kind of KINDS) {
      const shares = VERDICTS.map((verdict) => row(kind, verdict));
      if (shares.some((one) => !one || one.value === null)) continue;
      const told = VERDICTS.map((verdict, at) => `${SAID[verdict]} ${figure(shares[at].value, "%")}`).join(", ");
      const drawing = svg("svg", { class: "stack", viewBox: "0 0 1000 10", preserveAspectRatio: "none", role: "img", "aria-label": `${kind}: ${told}` });
      let start = 0;
      VERDICTS.forEach((verdict, at) => {
        const width = 1000 * shares[at].value;
        if (width > 0) drawing.append(svg("rect", { x: start, y: 0, width: Math.max(width, 2), height: 10, class: "fill-" + verdict }, svg("title", {}, `${SAID[verdict]} ${figure(shares[at].value, "%")}`)));
        start += width;
      });
      byId("verdicts").append(
        el("div", { class: "row" }, el("span", {}, spoken(kind)), drawing,
          el("span", { class: "figure" }, `${figure(shares[0].value, "%")} supported`, el("span", { class: "note" }, `${between(shares[0], "%")}, ${many(shares[0])}`)))
      );
    }
  }

  function measureChart() {
    const kind = byId("chart-kind").value;
    const open = new Set([...document.querySelectorAll("#measures details[open]")].map((one) => one.dataset.group));
    const first = !byId("measures").hasChildNodes();
    byId("measures").replaceChildren();
    for (const group of run.groups) {
      const rows = run.rows.filter((one) => one.kind === kind && measures.get(one.measure).group === group);
      if (!rows.length) continue;
      const opened = first ? group !== "Search" : open.has(group);
      byId("measures").append(el("details", { class: "group", open: opened, "data-group": group }, el("summary", {}, `${group} (${rows.length})`), rows.map(forest)));
    }
  }

  function forest(one) {
    const { label, unit, better } = measures.get(one.measure);
    const share = unit !== "";
    const told = `${label}: ${figure(one.value, unit)}, interval ${between(one, unit) || "none"}`;
    const drawing = svg("svg", { class: "whisker", viewBox: "0 0 1000 20", preserveAspectRatio: "none", role: "img", "aria-label": told });
    if (share) {
      for (const tick of [4, 250, 500, 750, 996]) drawing.append(svg("line", { x1: tick, x2: tick, y1: 2, y2: 18, class: "axis", "vector-effect": "non-scaling-stroke" }));
      if (one.value !== null) {
        const at = (value) => 4 + 992 * value;
        drawing.append(
          svg("line", { x1: at(one.low), x2: at(one.high), y1: 10, y2: 10, class: "range", "vector-effect": "non-scaling-stroke" }),
          svg("rect", { x: at(one.value) - 4, y: 4, width: 8, height: 12, class: "dot" })
        );
      }
    }
    const way = better === "more" ? "more is better" : better === "less" ? "less is better" : "";
    return el("div", { class: "row forest" }, el("span", {}, label, el("span", { class: "note" }, way)), drawing,
      el("span", { class: "figure" }, figure(one.value, unit), el("span", { class: "note" }, [between(one, unit), many(one)].filter(Boolean).join(", "))));
  }

  // ---- cases: run.index holds for each what filters need; the rest of a case is parsed from its line on demand

  const parsed = new Array(lines.length);
  const found = new Array(lines.length);
  const whole = (place) => parsed[place] || (parsed[place] = JSON.parse(lines[place]));

  function haystack(place) {
    if (!found[place]) {
      const one = whole(place);
      found[place] = [one.id, one.question, one.text, one.error, one.notes, ...one.history, ...one.claims.map((claim) => claim[4]), ...one.claims.map((claim) => claim[0]),
        ...one.cited.map((cited) => run.papers[cited[1]].join(" "))].join("\n").toLowerCase();
    }
    return found[place];
  }

  function chips(target, name, options) {
    for (const [value, label] of options) byId(target).append(el("label", { class: "chip" }, el("input", { type: "checkbox", name, value }), el("span", {}, label)));
  }

  const chosen = (name) => [...document.querySelectorAll(`#filters input[name="${name}"]:checked`)].map((one) => one.value);

  function wanted() {
    const measure = measures.get(byId("measure").value);
    return {
      words: byId("search").value.toLowerCase().split(/\s+/).filter(Boolean),
      kinds: new Set(chosen("kind")), verdicts: chosen("verdict").map((verdict) => VERDICTS.indexOf(verdict)), outcomes: new Set(chosen("outcome")),
      place: measure.place, condition: byId("condition").value, limit: Number(byId("limit").value) / (measure.unit === "%" ? 100 : 1),
    };
  }

  const ABSENT = -1;

  function fits(place, want) {
    const [kind, outcome, counts, values] = run.index[place];
    if (want.kinds.size && !want.kinds.has(run.kinds[kind])) return false;
    if (want.outcomes.size && !want.outcomes.has(outcome)) return false;
    if (want.verdicts.length && !want.verdicts.some((verdict) => counts[verdict])) return false;
    const value = values[want.place];
    if (want.condition === "unscored" && value !== null) return false;
    if (want.condition === "below" && !(value !== null && value !== ABSENT && value < want.limit)) return false;
    if (want.condition === "least" && !(value !== null && value !== ABSENT && value >= want.limit)) return false;
    return want.words.every((word) => haystack(place).includes(word));
  }

  let shown = [];
  let drawn = 0;

  function filter() {
    const want = wanted();
    shown = lines.map((_, place) => place).filter((place) => fits(place, want));
    const order = byId("order").value;
    if (order !== "run") {
      const sign = order === "low" ? 1 : -1;
      const rank = (place) => { const value = run.index[place][3][want.place]; return value === null || value === ABSENT ? Infinity : sign * value; };
      shown.sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b)));
    }
    byId("count").textContent = shown.length === lines.length ? `${count(lines.length)} cases` : `${count(shown.length)} of ${count(lines.length)} cases`;
    byId("list").replaceChildren();
    drawn = 0;
    draw();
  }

  function draw() {
    byId("list").append(...shown.slice(drawn, drawn + PAGE).map(item));
    drawn = Math.min(drawn + PAGE, shown.length);
    byId("more").hidden = drawn >= shown.length;
    if (!byId("more").hidden) byId("more").textContent = `Show more cases (${count(shown.length - drawn)} left)`;
  }

  function item(place) {
    const one = whole(place);
    const [kind, outcome, counts] = run.index[place];
    const pips = VERDICTS.map((verdict, at) => (counts[at] ? el("span", { class: "badge is-" + verdict }, `${counts[at]} ${SAID[verdict]}`) : null));
    const details = el("details", { class: "case" },
      el("summary", {}, el("span", { class: "question" }, text(one.question)),
        el("span", { class: "meta" }, text(one.id), el("span", {}, [spoken(run.kinds[kind]), OUTCOMES[outcome], one.hard ? "hard" : ""].filter(Boolean).join(" · ")), pips)));
    details.addEventListener("toggle", () => { if (details.open && !details.querySelector(".body")) details.append(body(place)); });
    return el("li", {}, details);
  }

  function body(place) {
    const one = whole(place);
    const parts = [];
    if (one.error) parts.push(el("p", { class: "error" }, "Asking failed: ", text(one.error)));
    if (one.history.length || one.alone !== one.question) parts.push(facts([...one.history.map((earlier) => ["Asked before", earlier]), ...(one.alone && one.alone !== one.question ? [["Read as", one.alone]] : [])]));
    for (const notice of one.notices) parts.push(el("p", { class: "notice" }, text(notice)));
    parts.push(el("h3", {}, one.error ? "No answer" : "Answer, sentence by sentence"));
    parts.push(...one.claims.map((own) => claim(own, one)));
    if (!one.claims.length && one.text) parts.push(text(one.text, "p"));
    parts.push(el("h3", {}, "What a right answer rests on"), wantedPart(one));
    parts.push(scores(place, one));
    if (one.hits.length) parts.push(el("details", {}, el("summary", {}, "What search found"), el("ol", {}, one.hits.map(([paper, by]) => el("li", {}, text(run.papers[paper][1]), el("span", { class: "quiet" }, ` ${by}`))))));
    return el("div", { class: "body" }, parts);
  }

  function facts(pairs) {
    return el("dl", { class: "facts" }, pairs.map(([name, value]) => [el("dt", {}, name), el("dd", {}, typeof value === "string" ? text(value) : value)]));
  }

  // Every second part is not borne out by the sources.
  function marked(said, parts) {
    if (!parts || !parts.length) return text(said);
    return el("span", { class: "untrusted", dir: "auto" }, parts.map((part, at) => (at % 2 ? el("mark", { class: "unsupported-span" }, part) : part)));
  }

  function claim([said, numbers, verdict, score, reason, parts], one) {
    const known = one.cited.filter((cited) => numbers.includes(cited[0]));
    return el("div", { class: "claim " + verdict },
      el("p", {}, marked(said, parts), numbers.length ? ` ${numbers.map((number) => `[${number}]`).join("")}` : ""),
      el("p", {}, el("span", { class: "badge is-" + verdict }, SAID[verdict] || verdict), score === null ? "" : el("span", { class: "quiet" }, ` ${score.toFixed(2)} `), reason ? [" ", text(reason)] : ""),
      known.map(evidence));
  }

  function evidence([number, paper, before, quote, after]) {
    const [id, title, byline, url] = run.papers[paper];
    const safe = /^https?:\/\//i.test(url);
    const heading = safe ? el("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, text(title || id)) : text(title || id);
    return el("div", { class: "evidence" },
      el("div", {}, `[${number}] `, el("cite", {}, heading), byline ? [" ", el("span", { class: "quiet" }, text(byline))] : ""),
      el("p", { class: "untrusted", dir: "auto" }, el("span", { class: "context" }, before), el("mark", {}, quote), el("span", { class: "context" }, after)));
  }

  function wantedPart(one) {
    const pairs = one.gold.map(([paper, sentence]) => ["Gold sentence", el("span", {}, text(sentence), el("span", { class: "quiet" }, " ", text(paper)))]);
    const rest = one.papers.filter((paper) => !one.gold.some(([own]) => own === paper));
    if (rest.length) pairs.push(["Gold papers", rest.join(", ")]);
    if (one.keys.length) pairs.push(["Must hold", one.keys.map((forms) => forms.join(" or ")).join("; ")]);
    if (one.notes) pairs.push(["Notes", one.notes]);
    return pairs.length ? facts(pairs) : el("p", { class: "quiet" }, "Nothing in the papers: a refusal is right, or the answer comes from the metadata.");
  }

  function scores(place, one) {
    const values = run.index[place][3];
    const rows = one.whys.map(([at, why]) => {
      const { label, unit } = run.measures[at];
      return el("tr", {}, el("td", {}, label), el("td", { class: "number" }, values[at] === null ? "not scored" : figure(values[at], unit)), el("td", {}, text(run.whys[why])));
    });
    return el("details", {}, el("summary", {}, `Scores (${rows.length})`), el("table", {}, el("thead", {}, el("tr", {}, el("th", {}, "Measure"), el("th", {}, "Score"), el("th", {}, "Why"))), el("tbody", {}, rows)));
  }

  // ---- what people do

  function unit() {
    const own = measures.get(byId("measure").value);
    byId("unit").textContent = own.unit === "%" ? "%" : "";
    byId("limit-label").hidden = !["below", "least"].includes(byId("condition").value);
  }

  function listen() {
    let waiting = 0;
    const soon = () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); };
    byId("search").addEventListener("input", soon);
    byId("filters").addEventListener("change", (event) => {
      if (event.target.id === "measure") byId("limit").value = measures.get(byId("measure").value).unit === "%" ? 100 : 1;
      unit();
      filter();
    });
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("filters").addEventListener("reset", () => setTimeout(() => { unit(); filter(); }));
    byId("more").addEventListener("click", draw);
    byId("chart-kind").addEventListener("change", measureChart);
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !/^(?:input|select|textarea)$/i.test(event.target.tagName)) { event.preventDefault(); byId("search").focus(); }
    });
    if ("IntersectionObserver" in window) new IntersectionObserver((seen) => { if (seen[0].isIntersecting && drawn) draw(); }, { rootMargin: "600px" }).observe(byId("more"));
  }

  head();
  verdictChart();
  for (const kind of KINDS) if (run.rows.some((one) => one.kind === kind)) byId("chart-kind").append(el("option", { value: kind }, spoken(kind)));
  measureChart();
  chips("kinds", "kind", run.kinds.map((kind) => [kind, spoken(kind)]));
  chips("verdict-chips", "verdict", VERDICTS.map((verdict) => [verdict, SAID[verdict]]));
  chips("outcomes", "outcome", Object.entries(OUTCOMES));
  for (const [name, own] of measures) byId("measure").append(el("option", { value: name, selected: name === "supported" }, own.label));
  unit();
  filter();
  listen();
})();
