"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const one = (id) => document.getElementById(id);
  const map = one("map");
  const [DAY, LOOK, WORDS, SINCE, PLATFORMS, BESIDE, REST, LINES, MARK] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const blank = ["", "nothing", "nothing recorded", "", "", "", "", [], ""];
  const codes = Object.keys(data.places);
  for (const code of codes) data.places[code] = data.places[code].map((moment) => moment.map((each, place) => (place === DAY || place === LINES ? each : data.texts[each])));
  const shapes = new Map(Array.from(map.querySelectorAll("[data-code]"), (shape) => [shape.dataset.code, shape]));
  const point = Array.from(map.children).find((child) => child.querySelector(".p"));
  const marks = new Map(Array.from(map.querySelectorAll("[data-mark]"), (mark) => [mark.dataset.mark, mark]));
  const body = document.querySelector("tbody");
  const rows = new Map(Array.from(body.rows, (row) => [row.dataset.row, row]));
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const printed = (day) => `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]} ${Number(day.slice(0, 4))}`;
  const LENGTH = 86400000;
  const number = (day) => Math.round(Date.parse(`${day}T00:00:00Z`) / LENGTH);
  const text = (count) => new Date(count * LENGTH).toISOString().slice(0, 10);
  const at = (code, day) => {
    let found = blank;
    for (const moment of data.places[code]) if (moment[DAY] <= day) found = moment;
    return found;
  };

  // Steps: the days on which some country looks or is worded otherwise than the day before.
  const said = (moment) => `${moment[LOOK]}|${moment[WORDS].replace("ended that day", "nothing recorded")}|${moment[PLATFORMS]}|${moment[MARK]}`;
  const steps = new Set();
  for (const code of codes) {
    let last = data.places[code][0][DAY] === data.start ? said(data.places[code][0]) : said(blank);
    for (const moment of data.places[code]) {
      if (said(moment) !== last) steps.add(moment[DAY]);
      last = said(moment);
    }
  }
  const changed = steps.size;
  const days = Array.from(new Set([data.start, ...steps, data.on])).sort();
  const slider = one("when");
  const first = data.start;
  slider.min = number(first);
  slider.max = number(data.on);
  for (const each of steps) {
    const tick = document.createElement("option");
    tick.value = number(each);
    one("steps").append(tick);
  }
  one("span").textContent = `${printed(first)} to ${printed(data.on)}; something changed on ${changed} ${changed === 1 ? "day" : "days"}`;

  let day = data.on;
  let chosen = "";

  const sentence = () => {
    const counts = {};
    for (const code of data.drawn) {
      const look = at(code, day)[LOOK];
      counts[look] = (counts[look] || 0) + 1;
    }
    const whole = data.drawn.length;
    const parts = Object.entries(data.looks).filter(([look]) => counts[look]).map(([look, word]) => `${word} in ${counts[look]}`);
    if (!parts.length) return `Nothing is recorded for that day in any of ${whole} recorded jurisdictions, which does not mean: not restricted.`;
    parts[0] += ` of ${whole} recorded jurisdictions`;
    const told = parts.join(", ");
    return `${told[0].toUpperCase()}${told.slice(1)}; in ${counts.nothing || 0} nothing is recorded for that day, which does not mean: not restricted.`;
  };
  const title = (code, moment) => {
    const parts = [`${data.names[code]} (${code}): ${moment[WORDS]}`];
    if (moment[SINCE]) parts.push(`since ${moment[SINCE]}`);
    if (moment[PLATFORMS]) parts.push(moment[PLATFORMS]);
    if (moment[BESIDE]) parts.push(`besides: ${moment[BESIDE]}`);
    return parts.join("; ");
  };

  const add = (parent, tag, content, name) => {
    const made = document.createElement(tag);
    made.textContent = content;
    made.dir = "auto";
    if (name) made.className = name;
    parent.append(made);
    return made;
  };
  const copies = (box, word, list, numbers) => {
    if (!numbers.length) return;
    add(box, "h4", word);
    const made = add(box, "ol", "");
    for (const place of numbers) {
      const copy = one(list).children[place - 1].cloneNode(true);
      copy.value = place;
      made.append(copy);
    }
  };
  const tell = () => {
    const moment = at(chosen, day);
    const box = one("panel-body");
    box.replaceChildren();
    add(box, "h3", `${data.names[chosen]} (${chosen})`);
    add(box, "p", moment[WORDS], `v-${moment[LOOK].split(" ")[0]}`).style.fontWeight = "700";
    add(box, "p", [`on ${printed(day)}`, moment[SINCE] && `since ${moment[SINCE]}`, moment[REST]].filter(Boolean).join("; "));
    if (data.several && moment[PLATFORMS]) add(box, "p", `By: ${moment[PLATFORMS]}`);
    if (moment[BESIDE]) add(box, "p", `In a part, for a group, or held off: ${moment[BESIDE]}`);
    if (moment[WORDS] === "nothing recorded") add(box, "p", "Nothing recorded does not mean not restricted.", "quiet");
    if (data.several && day !== data.on) add(box, "p", `This page holds the acts behind ${printed(data.on)} alone; kg map … --on ${day} draws one for this day.`, "quiet");
    const list = add(box, "ul", "");
    for (const line of moment[LINES]) {
      const [label, level, rest, acts] = data.lines[line];
      const about = [data.texts[level], data.texts[rest]].filter(Boolean).join(", ");
      const name = typeof label === "string" ? label : data.texts[label] + one("acts").children[acts[0] - 1].firstElementChild.textContent;
      add(list, "li", `${name}: ${about} (${acts.length === 1 ? "act" : "acts"} ${acts.join(", ")})`);
    }
    const acts = Array.from(new Set(moment[LINES].flatMap((line) => data.lines[line][3]))).sort((a, b) => a - b);
    copies(box, acts.length === 1 ? "The act" : "The acts", "acts", acts);
    copies(box, "Sources", "sources", Array.from(new Set(acts.flatMap((act) => data.sources[act - 1]))).sort((a, b) => a - b));
    const past = data.places[chosen].filter((each, place, all) => said(each) !== said(place ? all[place - 1] : blank));
    if (past.length) add(box, "h4", "Changes");
    const changes = add(box, "ul", "");
    for (const each of past) {
      const button = add(add(changes, "li", ""), "button", `${printed(each[DAY])}: ${each[WORDS]}${each[PLATFORMS] ? `, ${each[PLATFORMS]}` : ""}`);
      button.type = "button";
      button.addEventListener("click", () => go(each[DAY]));
    }
  };

  const remember = () => {
    const parts = [];
    if (day !== data.on) parts.push(`day=${day}`);
    if (chosen) parts.push(`in=${encodeURIComponent(chosen)}`);
    history.replaceState(null, "", parts.length ? `#${parts.join("&")}` : location.pathname + location.search);
  };
  const show = () => {
    one("day").textContent = printed(day);
    one("count").textContent = sentence();
    slider.value = number(day);
    slider.setAttribute("aria-valuetext", printed(day));
    one("before").disabled = !(days[0] < day);
    one("after").disabled = day >= data.on;
    for (const code of codes) {
      const moment = at(code, day);
      const shape = shapes.get(code);
      if (shape) {
        shape.setAttribute("class", `j ${moment[LOOK]}${code === chosen ? " chosen" : ""}`);
        // Neighbours must not lie on an outline that has no fill.
        if (moment[LOOK].endsWith("possible") && !shape.querySelector(".p")) map.insertBefore(shape, point);
        shape.querySelector("title").textContent = title(code, moment);
        if (shape.hasAttribute("tabindex")) shape.setAttribute("aria-label", title(code, moment));
      }
      const mark = marks.get(code);
      if (mark) {
        mark.setAttribute("class", moment[MARK] ? "m" : "m off");
        mark.querySelector("title").textContent = title(code, moment);
        if (mark.querySelector("text")) mark.querySelector("text").textContent = moment[MARK];
      }
      const row = rows.get(code);
      row.className = code === chosen ? "chosen" : "";
      const cells = Array.from(row.cells).slice(1);
      cells[0].firstElementChild.className = `chip ${moment[LOOK]}`;
      cells[0].lastElementChild.textContent = moment[WORDS];
      cells[1].textContent = moment[SINCE];
      if (data.several) cells[2].textContent = moment[PLATFORMS];
      cells[cells.length - 1].textContent = moment[BESIDE];
    }
    if (chosen) tell();
    one("panel").hidden = !chosen;
    one("stage").className = chosen ? "open" : "";
    remember();
  };
  const go = (to) => {
    day = to < first ? first : to > data.on ? data.on : to;
    show();
  };
  const choose = (code) => {
    chosen = data.places[code] ? code : "";
    show();
    one("panel").scrollTop = 0;
  };
  const close = () => {
    const last = shapes.get(chosen);
    choose("");
    if (last && last.hasAttribute("tabindex")) last.focus();
  };

  slider.addEventListener("input", () => go(text(Number(slider.value))));
  const earlier = () => { const found = days.filter((each) => each < day).pop(); if (found) go(found); };
  const later = () => { const found = days.find((each) => each > day); if (found) go(found); };
  one("before").addEventListener("click", earlier);
  one("after").addEventListener("click", later);
  slider.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: earlier, ArrowDown: earlier, ArrowRight: later, ArrowUp: later }[event.key];
    if (!way) return;
    event.preventDefault();
    way();
  });

  for (const code of codes) {
    const shape = shapes.get(code);
    if (!shape || !data.places[code].some((moment) => moment[LOOK] !== "nothing" || moment[BESIDE])) continue;
    shape.setAttribute("tabindex", "0");
    shape.setAttribute("role", "button");
  }
  const codeOf = (event) => {
    const shape = event.target.closest("[data-code], [data-mark]");
    return shape ? shape.dataset.code || shape.dataset.mark : "";
  };
  map.addEventListener("click", (event) => {
    const code = codeOf(event);
    if (code && code !== chosen) choose(code);
    else if (chosen) choose("");
  });
  map.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(codeOf(event));
    one("panel").focus();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen) close(); });
  one("close").addEventListener("click", close);

  for (const [code, row] of rows) {
    const head = row.cells[0];
    const name = head.firstChild;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name.textContent.trim();
    button.addEventListener("click", () => { choose(code); one("stage").scrollIntoView({ block: "nearest" }); one("panel").focus({ preventScroll: true }); });
    head.replaceChild(button, name);
    button.after(" ");
  }
  one("find").addEventListener("change", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    if (!wanted) return;
    const hit = codes.find((code) => code.toLowerCase() === wanted) || codes.find((code) => data.names[code].toLowerCase().startsWith(wanted))
      || codes.find((code) => data.names[code].toLowerCase().includes(wanted));
    if (!hit) return;
    choose(hit);
    rows.get(hit).scrollIntoView({ block: "nearest" });
    one("stage").scrollIntoView({ block: "nearest" });
  });
  const whole = map.viewBox.baseVal.width;
  one("view").addEventListener("change", (event) => {
    map.setAttribute("viewBox", event.target.value);
    const part = Number(event.target.value.split(" ")[2]) / whole;
    map.style.setProperty("--k", Math.max(part, 0.3));
    map.setAttribute("class", part < 1 ? "near" : "");
  });

  const order = new Intl.Collator("en", { numeric: true });
  const ranks = Object.keys(data.looks);
  const heads = Array.from(document.querySelectorAll("thead th"));
  const last = heads.length - 1;
  const value = (code, column) => {
    const moment = at(code, day);
    if (column === 0) return data.names[code];
    if (column === 1) return moment[LOOK] === "nothing" ? (moment[WORDS] === "nothing recorded" ? 99 : 98) : ranks.indexOf(moment[LOOK]);
    if (column === 2) return moment[SINCE] ? Date.parse(moment[SINCE].match(/\d+ \w+ \d{4}/g)?.pop() || "9999-12-31") : Infinity;
    return (column === last ? moment[BESIDE] : moment[PLATFORMS]) || "\uffff";
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const next = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", next);
      const sign = next === "ascending" ? 1 : -1;
      const sorted = codes.slice().sort((a, b) => {
        const [one_, other] = [value(a, column), value(b, column)];
        const compared = typeof one_ === "string" ? order.compare(one_, other) : one_ === other ? 0 : one_ < other ? -1 : 1;
        return sign * compared || order.compare(data.names[a], data.names[b]);
      });
      body.append(...sorted.map((code) => rows.get(code)));
    });
  });

  const restore = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    const to = asked.get("day") || data.on;
    chosen = data.places[asked.get("in")] ? asked.get("in") : "";
    go(/^\d{4}-\d\d-\d\d$/.test(to) && !Number.isNaN(Date.parse(to)) ? to : data.on);
  };
  addEventListener("hashchange", restore);
  one("tools").hidden = false;
  one("behind").open = false;
  restore();
})();
