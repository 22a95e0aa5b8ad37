(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const one = (id) => document.getElementById(id);
  const [view, inner, canvas, spots, panel] = ["view", "inner", "canvas", "spots", "panel"].map(one);
  const rows = Array.from(one("facts").tBodies[0].rows);
  const sources = one("sources").children;
  const [width, height] = data.size;
  const [GREATEST, LEAST, MANY] = [1.2, 0.62, 16];
  const last = data.days.length - 1;
  const state = { step: last, chosen: null, hidden: new Set() };
  let [now, near, zoom] = [{}, null, 1];

  // What holds on the chosen day.
  const entryAt = (entries) => {
    let found = [];
    for (const entry of entries) if (entry[0] <= state.step) found = entry;
    return found;
  };
  const atDay = () => {
    now = {};
    for (const [id, entries] of Object.entries(data.moments.things)) {
      const [, level, notes] = entryAt(entries);
      now[id] = { level, notes, shown: !state.hidden.has(`k-${data.things[id].kind}`), joined: false };
    }
    for (const [id, entries] of Object.entries(data.moments.wires)) {
      const [, level, ended, lines, label] = entryAt(entries);
      const ends = data.wires[id].ends;
      const shown = level !== undefined && !state.hidden.has(`l-${level}`) && ends.every((end) => now[end].shown);
      now[id] = { level, ended, lines, label, shown };
      if (shown) for (const end of ends) now[end].joined = true;
    }
    for (const [id, thing] of Object.entries(data.things)) now[id].joined ||= thing.focus || thing.alone;
  };
  const printed = (day) => new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));

  const { readLook, styled, card, drawWords } = painter(data, () => now, () => near);
  readLook();
  atDay();
  const nodes = new vis.DataSet(data.nodes.map((node) => (node.shape === "custom" ? { ...node, label: undefined, ctxRenderer: card(node) } : { ...node, label: undefined, color: "rgba(0,0,0,0)" })));
  const edges = new vis.DataSet(data.edges.map(styled));
  view.hidden = false;
  let network;
  try {
    network = new vis.Network(canvas, { nodes, edges }, data.options);
  } catch (error) {
    view.hidden = true;
    throw error;
  }
  one("still").hidden = true;
  one("tools").hidden = false;
  canvas.firstChild.tabIndex = -1;
  const picture = canvas.querySelector("canvas");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", spots.getAttribute("aria-label"));
  const fit = () => {
    const scale = Math.max(Math.min(GREATEST, view.clientWidth / width), LEAST) * zoom;
    const [across, down] = [Math.ceil(width * scale), Math.ceil(height * scale)];
    inner.style.width = `${across}px`;
    inner.style.height = `${down}px`;
    spots.style.transform = `scale(${scale})`;
    network.setSize(`${across}px`, `${down}px`);
    network.redraw();
    network.moveTo({ position: { x: across / scale / 2, y: down / scale / 2 }, scale });
  };
  network.on("afterDrawing", drawWords);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readLook(); refresh(); });
  addEventListener("resize", fit);

  // Places on the canvas that the keyboard and screen readers reach.
  const buttons = new Map();
  const spot = (id, [x, y, w, h]) => {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset.id = id;
    Object.assign(made.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });
    made.addEventListener("click", () => { choose(id); one("panel-title").focus(); });
    spots.append(made);
    buttons.set(id, { made, x: x + w / 2, y: y + h / 2 });
  };
  const cards = data.nodes.filter((node) => node.shape === "custom").sort((a, b) => a.x - b.x || a.y - b.y);
  for (const node of cards) spot(node.id, [node.x - node.w / 2, node.y - node.h / 2, node.w, node.h]);
  for (const [id, wire] of Object.entries(data.wires)) spot(id, wire.spot);
  const labelSpots = () => {
    for (const [id, { made }] of buttons) {
      const thing = data.things[id];
      made.hidden = !now[id].shown;
      made.setAttribute("aria-label", thing ? [thing.label, thing.kind, ...(now[id].notes.length ? [now[id].notes.join(" ")] : [])].join(", ") : `${data.wires[id].label}: ${now[id].label}`);
      made.setAttribute("aria-pressed", String(id === state.chosen));
    }
  };
  const joined = (id) => Object.keys(data.wires).filter((wire) => now[wire].shown && data.wires[wire].ends.includes(id));
  const neighbour = (id, key) => {
    const from = buttons.get(id);
    const horizontal = key === "ArrowLeft" || key === "ArrowRight";
    const sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
    const wire = data.wires[id];
    if (wire && horizontal) return wire.ends.find((end) => (buttons.get(end).x - from.x) * sign > 0);
    const linked = new Set(joined(id).flatMap((other) => data.wires[other].ends));
    const reachable = Array.from(buttons).filter(([other, place]) => {
      if (other === id || !now[other].shown || Boolean(data.wires[other]) !== Boolean(wire)) return false;
      return horizontal ? (place.x - from.x) * sign > 10 : Math.abs(place.x - from.x) < 60 && (place.y - from.y) * sign > 0;
    });
    const far = ([other, place]) => (horizontal ? (linked.has(other) ? 0 : 1e6) + Math.abs(place.x - from.x) * 3 : 0) + Math.abs(place.y - from.y);
    reachable.sort((a, b) => far(a) - far(b));
    return reachable.length ? reachable[0][0] : undefined;
  };
  spots.addEventListener("keydown", (event) => {
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const next = neighbour(event.target.dataset.id, event.key);
    if (next) buttons.get(next).made.focus();
  });

  // The panel: it copies what the table says.
  const add = (parent, tag, text, name) => {
    const made = document.createElement(tag);
    made.textContent = text;
    made.dir = "auto";
    if (name) made.className = name;
    parent.append(made);
    return made;
  };
  const tellFact = (box, row) => {
    const [when, what, details, accounts] = row.cells;
    add(box, "h3", what.querySelector("b").textContent);
    add(box, "div", [when.textContent, what.querySelector("i").textContent].filter(Boolean).join(", "), "quiet");
    for (const line of details.children) box.append(line.cloneNode(true));
    for (const account of accounts.children) {
      add(box, "p", `Account: ${account.dataset.said}`);
      for (const ref of account.querySelectorAll("cite")) {
        const number = parseInt(ref.textContent.slice(1), 10);
        const [said, address] = sources[number - 1].children;
        const locator = ref.dataset.locator;
        const shown = add(box, "div", `[${number}] `);
        shown.append(said.cloneNode(true), locator ? `, ${locator}` : "");
        box.append(address.cloneNode(true));
      }
    }
  };
  const jump = (box, id, text) => {
    const made = add(box, "button", text, "near");
    made.type = "button";
    made.addEventListener("click", () => { choose(id); one("panel-title").focus(); });
  };
  const tell = (id) => {
    const [thing, wire] = [data.things[id], data.wires[id]];
    one("panel-title").textContent = (thing || wire).label;
    one("panel-type").textContent = thing ? [thing.kind, now[id].notes.join(" ")].filter(Boolean).join(": ") : now[id].label || "not yet";
    const box = one("panel-facts");
    box.replaceChildren();
    if (thing && thing.names.length) {
      const names = add(box, "p", "In other languages: ", "quiet");
      thing.names.forEach(([name, language], place) => {
        if (place) names.append("; ");
        const made = add(names, "bdi", name);
        if (language) made.lang = language;
      });
    }
    const count = wire ? 0 : joined(id).length;
    let links = box;
    if (count > MANY) {
      links = add(box, "details", "");
      add(links, "summary", `${count} lines`);
    }
    links = add(links, "p", "", "links");
    if (wire) for (const end of wire.ends) jump(links, end, data.things[end].label);
    else for (const other of joined(id)) jump(links, other, `${data.wires[other].ends.filter((end) => end !== id).map((end) => data.things[end].label)[0]}: ${now[other].label}`);
    const begun = (thing || wire).facts.filter((number) => data.begins[number] <= data.days[state.step]);
    for (const number of begun) tellFact(box, rows[number]);
    const later = (thing || wire).facts.length - begun.length;
    if (later) add(box, "p", `${later === 1 ? "1 later act is" : `${later} later acts are`} not shown for ${printed(data.days[state.step])}.`, "quiet");
    panel.hidden = false;
  };

  // Legend, verdicts and day.
  const keys = Array.from(document.querySelectorAll("#legend li"), (item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...item.childNodes);
    item.append(button);
    const words = button.querySelector("span");
    button.addEventListener("click", () => {
      const name = item.dataset.hide;
      if (!state.hidden.delete(name)) state.hidden.add(name);
      refresh();
    });
    return { item, button, words, text: words.textContent.replace(/ \(\d+\)$/, "") };
  });
  const showLegend = () => {
    for (const { item, button, words, text } of keys) {
      const name = item.dataset.hide;
      const [kind, level] = [name.slice(2), name.slice(2)];
      const all = name.startsWith("k-") ? Object.values(data.things).filter((thing) => thing.kind === kind) : Object.keys(data.wires).filter((wire) => now[wire].level === level);
      words.textContent = `${text} (${all.length})`;
      item.hidden = !all.length && !state.hidden.has(name);
      button.setAttribute("aria-pressed", String(!state.hidden.has(name)));
    }
    one("all").hidden = !state.hidden.size;
  };
  const slider = one("day");
  const showDay = () => {
    const day = printed(data.days[state.step]);
    slider.value = state.step;
    slider.setAttribute("aria-valuetext", day);
    one("day-told").textContent = day;
    one("asof").hidden = state.step === last;
    document.body.classList.toggle("earlier", state.step < last);
    one("asof").textContent = `As of ${day}, by what was publicly known on ${printed(data.known)}. Lines that had not begun are hidden.`;
    const verdicts = entryAt(data.moments.verdicts)[1] || [];
    one("verdicts").replaceChildren();
    for (const { level, word, rest } of verdicts) {
      const line = add(one("verdicts"), "p", "", "verdict");
      add(line, "strong", word, `v-${level}`);
      line.append(` ${rest}`);
    }
  };
  one("when").hidden = last < 1;
  slider.max = last;
  slider.addEventListener("input", () => { state.step = Number(slider.value); show(); });
  slider.addEventListener("change", () => remember());

  // A link that restores the view: day, what is chosen, what is hidden; by the ids of the record.
  const nameOf = (id) => (data.things[id] ? data.things[id].id : [...data.wires[id].ends.map((end) => data.things[end].id), data.wires[id].key].join(">"));
  const everything = [...Object.keys(data.things), ...Object.keys(data.wires)];
  const remember = () => {
    const parts = new URLSearchParams();
    if (state.step < last) parts.set("day", data.days[state.step]);
    if (state.chosen) parts.set("show", nameOf(state.chosen));
    if (state.hidden.size) parts.set("hide", Array.from(state.hidden).join("."));
    const text = parts.toString();
    if (text === location.hash.slice(1)) return;
    try {
      history.replaceState(null, "", `#${text}`);
    } catch {
      // Some browsers allow only so many changes in a minute; the next one takes this up.
    }
  };
  const restore = () => {
    const parts = new URLSearchParams(location.hash.slice(1));
    const day = parts.get("day");
    state.step = day ? Math.max(0, data.days.findLastIndex((one) => one <= day)) : last;
    state.chosen = everything.find((id) => nameOf(id) === parts.get("show")) || null;
    const known = keys.map(({ item }) => item.dataset.hide);
    state.hidden = new Set((parts.get("hide") || "").split(".").filter((name) => known.includes(name)));
    refresh();
  };

  const show = () => {
    atDay();
    const id = state.chosen;
    const wires = id ? (data.wires[id] ? [id] : joined(id)) : [];
    near = id ? new Set([id, ...wires, ...wires.flatMap((wire) => data.wires[wire].ends)]) : null;
    if (id) tell(id);
    else panel.hidden = true;
    showDay();
    showLegend();
    labelSpots();
    edges.update(data.edges.map(styled));
    fit();
  };
  const refresh = () => { show(); remember(); };
  const choose = (id) => { state.chosen = id; refresh(); panel.scrollTop = 0; };
  const release = () => {
    const back = state.chosen && panel.contains(document.activeElement) ? buttons.get(state.chosen).made : null;
    state.chosen = null;
    refresh();
    if (back) back.focus();
  };
  const inside = ({ x, y }, [left, top, w, h]) => x >= left && x <= left + w && y >= top && y <= top + h;
  network.on("click", (event) => {
    const at = event.pointer.canvas;
    const node = cards.find((one) => now[one.id].shown && inside(at, [one.x - one.w / 2, one.y - one.h / 2, one.w, one.h]));
    const label = Object.keys(data.wires).find((id) => now[id].shown && inside(at, data.wires[id].spot));
    const line = event.edges.map((id) => edges.get(id).wire).find((id) => now[id].shown);
    const hit = node ? node.id : label || line;
    if (hit) choose(hit);
    else if (state.chosen) release();
  });
  one("close").addEventListener("click", release);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && state.chosen) { event.preventDefault(); release(); } });
  const find = finder(Object.entries(data.things).map(([id, thing]) => [id, [thing.label, ...thing.names.map(([name]) => name), ...thing.keys]]));
  one("find").addEventListener("input", (event) => {
    const hits = find(event.target.value).filter((id) => now[id].shown);
    one("found").textContent = !fold(event.target.value) ? "" : hits.length ? hits.slice(0, 4).map((id) => data.things[id].label).join("; ") + (hits.length > 4 ? `; ${hits.length - 4} more` : "") : "nothing here has that name";
    state.chosen = hits[0] || null;
    refresh();
  });
  one("find").addEventListener("keydown", (event) => { if (event.key === "Enter" && state.chosen) buttons.get(state.chosen).made.focus(); });
  const zoomBy = (factor) => { zoom = factor ? zoom * factor : 1; fit(); };
  one("closer").addEventListener("click", () => zoomBy(1.25));
  one("wider").addEventListener("click", () => zoomBy(0.8));
  one("fit").addEventListener("click", () => zoomBy(0));
  one("all").addEventListener("click", () => { state.hidden.clear(); refresh(); });
  addEventListener("hashchange", restore);
  restore();
})();
