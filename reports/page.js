"use strict";
// What the page counts, filters and draws. Names and titles come from strangers: they become text nodes, never markup.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const STANCES = ["supportive", "opposed", "neutral"];
const BUCKETS = 60, SPANS = 14, SPEAKERS = 12, NAMES = 20, NODES = 14, STORIES = 20, LISTED = 100;
const plurals = new Intl.PluralRules(data.language);
const regions = new Intl.DisplayNames([data.language], { type: "region", fallback: "code" });
const DAY = 0, OUTLET = 1, STORY = 2, IS_COPY = 3, ENTITIES = 4, VOICES = 5, TITLE = 6, URL = 7, TIME = 8, EVIDENCE = 9;
const articles = data.articles;
const shown = { from: 0, to: data.days.length - 1, entity: "", outlet: "", stance: "", speaker: "", stories: STORIES, country: undefined, line: undefined };

const byId = (id) => document.getElementById(id);
const counted = (noun, count) => words[noun][count === 0 ? "zero" : plurals.select(count)].replace("{n}", number(count));
const number = (count) => count.toLocaleString("en-US");
const dayName = (index) => {
  const [year, month, day] = data.days[index].split("-").map(Number);
  return `${day} ${words.months[month - 1]} ${year}`;
};
const speakerOf = (voice) => Math.floor(voice / 3);
const stanceOf = (voice) => voice % 3;
const outletName = (index) => data.outlets[index][1];

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "class") made.className = value;
    else if (key === "click") made.addEventListener("click", value);
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}
const isolated = (text) => element("bdi", { dir: "auto" }, text);

function matches(article, asked) {
  if (article[DAY] < asked.from || article[DAY] > asked.to) return false;
  if (asked.entity !== "" && !article[ENTITIES].includes(Number(asked.entity))) return false;
  if (asked.other !== undefined && !article[ENTITIES].includes(asked.other)) return false;
  if (asked.outlet !== "" && article[OUTLET] !== Number(asked.outlet)) return false;
  if (asked.country !== undefined && data.outlets[article[OUTLET]][2] !== asked.country) return false;
  if (asked.line !== undefined && data.outlets[article[OUTLET]][3] !== asked.line) return false;
  if (asked.copy !== undefined && article[IS_COPY] !== asked.copy) return false;
  if (asked.stance === "" && asked.speaker === "") return true;
  return article[VOICES].some((voice) => answers(voice, asked));
}
const answers = (voice, asked) =>
  (asked.stance === "" || stanceOf(voice) === Number(asked.stance)) &&
  (asked.speaker === "" || speakerOf(voice) === Number(asked.speaker));

function tally(items) {
  const counts = new Map();
  for (const item of items) counts.set(item, (counts.get(item) || 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
}

// A number that leads to what it counts.
function leading(text, title, asked, name) {
  return element("button", { type: "button", class: name || "number", title, click: () => openArticles(title, asked) }, text);
}
function track(parts, whole, most) {
  const bar = element("div", { class: "track", "aria-hidden": "true" });
  bar.style.inlineSize = `${Math.max(2, (100 * whole) / most)}%`;
  for (const [kind, count] of parts) {
    if (!count) continue;
    const piece = element("i", { class: kind });
    piece.style.inlineSize = `${(100 * count) / whole}%`;
    bar.append(piece);
  }
  return bar;
}
function fill(id, rows) {
  byId(id).replaceChildren(...(rows.length ? rows : [element("li", { class: "muted" }, words.nothing_here)]));
}

function drawFacts(found) {
  const facts = [
    ["all_articles", found.length],
    ["own_stories", new Set(found.map((article) => article[STORY])).size],
    ["outlets", new Set(found.map((article) => article[OUTLET])).size],
    ["speakers_heard", new Set(found.flatMap((article) => article[VOICES].filter((v) => answers(v, shown)).map(speakerOf))).size],
  ];
  byId("facts").replaceChildren(
    ...facts.map(([word, count]) =>
      element("li", {}, leading(number(count), words[word], shown), element("span", { class: "muted" }, words[word]))),
  );
  const left = found.filter((article) => article.length <= TITLE).length;
  byId("found").textContent = counted("article", found.length) + (left ? `${words.comma} ${counted("older", left)}` : "");
}

function spanned(limit) {
  const size = Math.max(1, Math.ceil((shown.to - shown.from + 1) / limit)), spans = [];
  for (let from = shown.from; from <= shown.to; from += size) spans.push([from, Math.min(from + size - 1, shown.to)]);
  return { size, spans };
}
const spanName = ([from, to]) => (from === to ? dayName(from) : `${dayName(from)} – ${dayName(to)}`);

function drawCoverage(found) {
  const { size, spans } = spanned(BUCKETS);
  const all = new Array(spans.length).fill(0), own = new Array(spans.length).fill(0);
  for (const article of found) {
    const at = Math.floor((article[DAY] - shown.from) / size);
    all[at] += 1;
    own[at] += article[IS_COPY] ? 0 : 1;
  }
  const most = Math.max(1, ...all), subject = shown.entity === "" ? -1 : Number(shown.entity);
  // A spike was found among all articles of its day, of whatever outlet and voice.
  const isWhole = shown.outlet + shown.stance + shown.speaker === "" && shown.country === undefined && shown.line === undefined;
  byId("coverage-bars").replaceChildren(...spans.map((span, at) => {
    const spike = isWhole && data.spikes.find(([day, entity]) => entity === subject && day >= span[0] && day <= span[1]);
    const said = `${spanName(span)}: ${counted("article", all[at])}${spike ? ` (${words.spike}: ${spike[3]})` : ""}`;
    const bar = leading("", said, { ...shown, from: span[0], to: span[1] }, `bar${spike ? ` spike ${spike[2]}` : ""}`);
    bar.setAttribute("aria-label", said);
    const whole = element("i", { class: "k-articles" }), inner = element("i", { class: "k-stories" });
    whole.style.blockSize = `${(100 * all[at]) / most}%`;
    inner.style.blockSize = all[at] ? `${(100 * own[at]) / all[at]}%` : "0";
    whole.append(inner);
    bar.append(whole);
    return bar;
  }));
  byId("coverage-most").textContent = number(most);
  byId("coverage-from").textContent = dayName(shown.from);
  byId("coverage-to").textContent = dayName(shown.to);
  const rows = spans.map((span, at) => element("tr", {}, element("td", {}, spanName(span)),
    element("td", {}, leading(number(all[at]), spanName(span), { ...shown, from: span[0], to: span[1] })),
    element("td", {}, leading(number(own[at]), spanName(span), { ...shown, from: span[0], to: span[1], copy: 0 }))));
  byId("coverage-rows").replaceChildren(...rows.reverse());
}

function drawSpeakers(found) {
  const counts = new Map();
  for (const article of found) {
    for (const voice of article[VOICES]) {
      if (!answers(voice, shown)) continue;
      const speaker = speakerOf(voice);
      if (!counts.has(speaker)) counts.set(speaker, [0, 0, 0]);
      counts.get(speaker)[stanceOf(voice)] += 1;
    }
  }
  const ranked = [...counts].map(([speaker, by]) => [speaker, by, by[0] + by[1] + by[2]]);
  ranked.sort((one, other) => other[2] - one[2] || one[0] - other[0]);
  const most = ranked.length ? ranked[0][2] : 1;
  fill("speaker-rows", ranked.slice(0, SPEAKERS).map(([speaker, by, whole]) => {
    const name = data.speakers[speaker][0], asked = { ...shown, speaker };
    const numbers = by.map((count, stance) => count
      ? leading(`${words.stances[stance]} ${number(count)}`, `${name}, ${words.stances[stance]}`, { ...asked, stance }, `number t-${STANCES[stance]}`)
      : null);
    return element("li", {},
      element("div", { class: "line" }, isolated(name), leading(counted("statement", whole), name, asked, "number count")),
      track(by.map((count, stance) => [STANCES[stance], count]), whole, most), element("p", { class: "muted parts" }, ...numbers));
  }));
  drawTurns(found, ranked.slice(0, SPEAKERS / 2));
}

// Stance of speakers over time: of each span what was supportive above the line, what was opposed below it.
function drawTurns(found, speakers) {
  const { size, spans } = spanned(SPANS);
  fill("turn-rows", speakers.map(([speaker]) => {
    const by = spans.map(() => [0, 0, 0]);
    for (const article of found)
      for (const voice of article[VOICES])
        if (speakerOf(voice) === speaker && answers(voice, shown)) by[Math.floor((article[DAY] - shown.from) / size)][stanceOf(voice)] += 1;
    const most = Math.max(1, ...by.map((counts) => Math.max(counts[0], counts[1])));
    const name = data.speakers[speaker][0];
    const cells = by.map((counts, at) => {
      const said = `${name}, ${spanName(spans[at])}: ${counts.map((count, stance) => `${words.stances[stance]} ${count}`).join(words.comma + " ")}`;
      const cell = leading("", said, { ...shown, speaker, from: spans[at][0], to: spans[at][1] }, `turn${counts[2] ? " has-neutral" : ""}`);
      cell.setAttribute("aria-label", said);
      for (const stance of [0, 1]) {
        const half = element("span", {}), bar = element("i", { class: STANCES[stance] });
        bar.style.blockSize = `${(100 * counts[stance]) / most}%`;
        half.append(bar);
        cell.append(half);
      }
      return cell;
    });
    return element("li", {}, element("div", { class: "line" }, isolated(name)), element("div", { class: "turns" }, ...cells));
  }));
  byId("turn-from").textContent = dayName(shown.from);
  byId("turn-to").textContent = dayName(shown.to);
}

function drawNames(found) {
  const ranked = tally(found.flatMap((article) => article[ENTITIES]));
  fill("entity-rows", ranked.slice(0, NAMES).map(([entity, count]) => element("li", {},
    element("div", { class: "line" }, isolated(data.entities[entity][1]),
      leading(counted("article", count), data.entities[entity][1], { ...shown, ...(shown.entity === "" ? { entity } : { other: entity }) }, "number count")),
    track([["plain", count]], count, ranked[0][1]))));
  drawGraph(found, ranked.slice(0, NODES).map(([entity]) => entity));
}

function drawGraph(found, nodes) {
  const edges = new Map();
  for (const article of found) {
    const named = nodes.filter((entity) => article[ENTITIES].includes(entity));
    named.forEach((one, at) => named.slice(at + 1).forEach((other) => {
      const key = `${one} ${other}`;
      edges.set(key, (edges.get(key) || 0) + 1);
    }));
  }
  const most = Math.max(1, ...edges.values()), svg = "http://www.w3.org/2000/svg";
  const place = new Map(nodes.map((entity, at) => {
    const angle = (2 * Math.PI * at) / nodes.length - Math.PI / 2;
    return [entity, [300 + 150 * Math.cos(angle), 220 + 170 * Math.sin(angle)]];
  }));
  const drawn = (name, attributes, said, asked) => {
    const made = document.createElementNS(svg, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (!said) return made;
    const title = document.createElementNS(svg, "title");
    title.textContent = said;
    made.append(title);
    made.setAttribute("tabindex", "0");
    made.setAttribute("role", "button");
    made.setAttribute("aria-label", said);
    const open = () => openArticles(said, asked);
    made.addEventListener("click", open);
    made.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(); } });
    return made;
  };
  const lines = [...edges].sort((one, other) => one[1] - other[1]).map(([key, count]) => {
    const [one, other] = key.split(" ").map(Number), [a, b] = [place.get(one), place.get(other)];
    const said = `${data.entities[one][1]} – ${data.entities[other][1]}: ${counted("article", count)}`;
    return drawn("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], "stroke-width": 1 + (7 * count) / most, class: "edge", "stroke-opacity": 0.15 + (0.6 * count) / most },
      said, { ...shown, entity: one, other });
  });
  const dots = nodes.flatMap((entity) => {
    const [x, y] = place.get(entity), side = Math.abs(x - 300) < 40 ? 0 : Math.sign(x - 300);
    const dot = drawn("circle", { cx: x, cy: y, r: 8, class: "node" }, data.entities[entity][1], { ...shown, entity });
    const name = drawn("text", { x: x + 15 * side, y: y + (side ? 5 : y < 220 ? -16 : 26), "text-anchor": ["end", "middle", "start"][side + 1] });
    name.textContent = data.entities[entity][1];
    return [dot, name];
  });
  byId("graph").replaceChildren(...lines, ...dots);
  byId("graph").querySelectorAll("text").forEach(shortened);
}

// A long name would be cut off at the drawing's edge; its dot bears the whole of it.
function shortened(name) {
  const isOver = ({ x, width }) => x < 0 || x + width > 600;
  const letters = [...name.textContent];
  // The isolate keeps the dots at the end of the reading, in a drawing that runs from left to right.
  while (letters.length > 1 && isOver(name.getBBox())) {
    letters.pop();
    name.textContent = `\u2068${letters.join("").trim()}…\u2069`;
  }
}

function drawOutlets(found) {
  const ranked = tally(found.map((article) => article[OUTLET]));
  const copies = new Map(tally(found.filter((article) => article[IS_COPY]).map((article) => article[OUTLET])));
  const most = ranked.length ? ranked[0][1] : 1;
  const row = (name, count, asked, copied, whole) => element("li", {},
    element("div", { class: "line" }, isolated(name), element("span", {}, leading(counted("article", count), name, asked, "number count"),
      copied ? `${words.comma} ` : null, copied ? leading(counted("copies", copied), name, { ...asked, copy: 1 }, "number count") : null)),
    track([["plain", count - copied], ["k-articles", copied]], count, whole));
  fill("outlet-rows", ranked.slice(0, NAMES).map(([outlet, count]) =>
    row(outletName(outlet), count, { ...shown, outlet }, copies.get(outlet) || 0, most)));
  for (const [id, at, key, named] of [["country-rows", 2, "country", regionName], ["line-rows", 3, "line", lineName]]) {
    const groups = tally(found.map((article) => data.outlets[article[OUTLET]][at]));
    fill(id, groups.map(([value, count]) => row(named(value), count, { ...shown, [key]: value }, 0, groups[0][1])));
  }
}
function regionName(code) {
  try { return code ? regions.of(code) : words.unknown; } catch { return code; }
}
const lineName = (line) => (Object.hasOwn(data.lines, line) ? data.lines[line] : line) || words.unknown;

function titled(article) {
  const title = isolated(article[TITLE] || words.untitled);
  return article[URL] ? element("a", { href: article[URL], rel: "noopener noreferrer", target: "_blank" }, title) : title;
}
function quoted(article) {
  return article[VOICES].map((voice, at) => [voice, at]).filter(([voice]) => answers(voice, shown)).map(([voice, at]) => {
    const stance = stanceOf(voice), evidence = data.evidence[article[EVIDENCE][at]];
    return element("blockquote", { class: `b-${STANCES[stance]}` },
      element("p", {}, element("b", {}, isolated(data.speakers[speakerOf(voice)][0])), " ",
        element("span", { class: `t-${STANCES[stance]}` }, `(${words.stances[stance]})`)),
      evidence ? element("p", { dir: "auto" }, evidence) : null);
  });
}
function drawStories(found) {
  const stories = new Map();
  for (const article of found) {
    if (article.length <= TITLE) continue;
    if (!stories.has(article[STORY])) stories.set(article[STORY], []);
    stories.get(article[STORY]).push(article);
  }
  const rows = [...stories.values()].slice(0, shown.stories).map((group) => {
    const first = group.findLast((article) => !article[IS_COPY]) || group[group.length - 1], seen = new Set();
    const outlets = [...new Set(group.map((article) => article[OUTLET]))].reverse();
    const quotes = [...group].reverse().sort((one, other) => one[IS_COPY] - other[IS_COPY]).flatMap((article) => {
      const fresh = { ...article, length: article.length };
      const kept = article[VOICES].map((voice) => !seen.has(voice) && Boolean(seen.add(voice)));
      fresh[VOICES] = article[VOICES].filter((voice, at) => kept[at]);
      fresh[EVIDENCE] = article[EVIDENCE].filter((evidence, at) => kept[at]);
      return quoted(fresh);
    });
    const names = outlets.slice(0, 6).flatMap((outlet, at) => [at ? `${words.comma} ` : "", isolated(outletName(outlet))]);
    const more = outlets.length > 6 ? ` ${counted("more_outlets", outlets.length - 6)}` : "";
    return element("li", {}, element("h3", {}, titled(first)),
      element("p", { class: "muted" }, ...names, `${more} · ${first[TIME]} · `,
        leading(counted("article", group.length), first[TITLE], { ...shown, story: first[STORY] }, "number count")), ...quotes);
  });
  fill("story-rows", rows);
  byId("more-stories").hidden = stories.size <= shown.stories;
}

// The list behind a number: the newest articles by name, older ones by the SQL that lists them.
function openArticles(title, asked) {
  const found = articles.filter((article) => matches(article, asked) && (asked.story === undefined || article[STORY] === asked.story));
  const recent = found.filter((article) => article.length > TITLE);
  byId("list-title").textContent = title;
  byId("list-said").textContent = counted("article", found.length);
  list(recent, LISTED);
  const isWhole = recent.length === found.length;
  byId("list-sql").hidden = isWhole;
  byId("list-query").textContent = isWhole ? "" : queryOf(asked);
  byId("list").showModal();
}
function list(recent, count) {
  fill("list-rows", recent.slice(0, count).map((article) => element("li", {}, titled(article),
    element("p", { class: "muted" }, isolated(outletName(article[OUTLET])), ` · ${article[TIME]}`))));
  byId("list-more").hidden = recent.length <= count;
  byId("list-more").onclick = () => list(recent, 5 * count);
}
const literal = (text) => `'${text.replaceAll("'", "''")}'`;
function queryOf(asked) {
  const day = (index, more) => `timestamptz '${new Date(Date.parse(data.days[index]) + 864e5 * more).toISOString().slice(0, 10)} 00:00:00Z'`;
  const wheres = ["not repeats_seed", `first_seen_at >= ${day(asked.from, 0)}`, `first_seen_at < ${day(asked.to, 1)}`];
  for (const entity of [asked.entity, asked.other === undefined ? "" : asked.other])
    if (entity !== "") wheres.push(`article_id in (select article_id from mentions where entity_id = ${literal(data.entities[entity][0])})`);
  if (asked.outlet !== "") wheres.push(`outlet_id = ${literal(data.outlets[asked.outlet][0])}`);
  if (asked.country !== undefined) wheres.push(`coalesce(country, '') = ${literal(asked.country)}`);
  if (asked.line !== undefined) wheres.push(asked.line ? `outlet_id in (select outlet_id from feeds where line = ${literal(asked.line)})` : "outlet_id not in (select outlet_id from feeds where line <> '')");
  if (asked.copy !== undefined) wheres.push(asked.copy ? "is_copy" : "not is_copy");
  if (asked.story !== undefined) wheres.push(`story_id = ${data.stories[asked.story]}`);
  const said = [];
  if (asked.speaker !== "") said.push(`speaker = ${literal(data.speakers[asked.speaker][1] || data.speakers[asked.speaker][0])}`);
  if (asked.stance !== "") said.push(`stance = '${STANCES[asked.stance]}'`);
  if (said.length) wheres.push(`article_id in (select article_id from statements where ${said.join(" and ")})`);
  return `select first_seen_at, outlet, title, url from articles\nwhere ${wheres.join("\nand ")}\norder by first_seen_at desc`;
}

function draw() {
  const found = articles.filter((article) => matches(article, shown));
  drawFacts(found);
  drawCoverage(found);
  drawSpeakers(found);
  drawNames(found);
  drawOutlets(found);
  drawStories(found);
}

function options(id, rows) {
  byId(id).append(...rows.map(([value, text]) => element("option", { value }, text)));
}
function readFilters() {
  const from = data.days.indexOf(byId("from").value), to = data.days.indexOf(byId("to").value);
  shown.from = from < 0 ? 0 : from;
  shown.to = Math.max(shown.from, to < 0 ? data.days.length - 1 : to);
  for (const id of ["entity", "outlet", "stance", "speaker"]) shown[id] = byId(id).value === "" ? "" : Number(byId(id).value);
  // What is unknown is a choice too: an empty value after the sign.
  for (const id of ["country", "line"]) shown[id] = byId(id).value === "" ? undefined : byId(id).value.slice(1);
  shown.stories = STORIES;
  draw();
}
function begin() {
  const byName = (one, other) => one[1].localeCompare(other[1], data.language);
  options("entity", data.entities.map(([, name], at) => [at, name]).sort(byName));
  options("outlet", data.outlets.map(([, name], at) => [at, name]).sort(byName));
  for (const [id, at, named] of [["country", 2, regionName], ["line", 3, lineName]])
    options(id, [...new Set(data.outlets.map((outlet) => outlet[at]))].map((value) => [`=${value}`, named(value)]).sort(byName));
  options("speaker", data.speakers.map(([name], at) => [at, name]).slice(0, 200).sort(byName));
  options("stance", words.stances.map((word, at) => [at, word]));
  const last = data.days.length - 1;
  for (const [id, at] of [["from", 0], ["to", last]]) {
    Object.assign(byId(id), { min: data.days[0], max: data.days[last], value: data.days[at] });
  }
  const filters = byId("filters");
  filters.addEventListener("change", readFilters);
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("reset", () => setTimeout(() => { byId("from").value = data.days[0]; byId("to").value = data.days[last]; readFilters(); }));
  for (const button of filters.querySelectorAll("[data-days]")) button.addEventListener("click", () => {
    byId("from").value = data.days[Math.max(0, last + 1 - Number(button.dataset.days))];
    byId("to").value = data.days[last];
    readFilters();
  });
  byId("more-stories").addEventListener("click", () => { shown.stories += STORIES; draw(); });
  byId("list-close").addEventListener("click", () => byId("list").close());
  byId("list-copy").addEventListener("click", () => {
    getSelection().selectAllChildren(byId("list-query"));
    document.execCommand("copy");
  });
  draw();
}
if (data.days.length) begin();
else for (const id of ["speaker", "turn", "entity", "story", "outlet", "country", "line"]) fill(`${id}-rows`, []);
