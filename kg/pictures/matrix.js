"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const one = (id) => document.getElementById(id);
  const body = document.querySelector("tbody");
  const rows = Array.from(body.rows);
  const heads = Array.from(document.querySelectorAll("thead th"));
  const order = new Intl.Collator("en", { numeric: true });
  const first = new Map(rows.map((row, place) => [row, place]));
  const name = (row) => row.cells[0].textContent;
  let chosen = null;

  const compare = (column, sign) => (a, b) => {
    const scores = column ? data.scores[first.get(a)][column - 1] - data.scores[first.get(b)][column - 1] : 0;
    return sign * (scores || (column ? 0 : order.compare(name(a), name(b)))) || order.compare(name(a), name(b));
  };
  const arrange = (sorted) => { body.append(...sorted); };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.dir = "auto";
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const usual = column ? "descending" : "ascending";
      const other = column ? "ascending" : "descending";
      const next = head.getAttribute("aria-sort") === usual ? other : usual;
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", next);
      arrange(rows.slice().sort(compare(column, next === "ascending" ? 1 : -1)));
    });
  });
  one("again").addEventListener("click", () => {
    heads.forEach((each) => each.removeAttribute("aria-sort"));
    arrange(rows);
  });

  const add = (parent, tag, text) => {
    const made = document.createElement(tag);
    made.textContent = text;
    parent.append(made);
    return made;
  };
  const copies = (box, word, list, numbers) => {
    if (!numbers.length) return;
    add(box, "h4", word);
    const made = add(box, "ol", "");
    for (const number of numbers) made.append(one(list).children[number - 1].cloneNode(true));
  };
  const close = () => {
    if (!chosen) return;
    chosen.classList.remove("chosen");
    const last = chosen;
    chosen = null;
    one("panel").hidden = true;
    last.focus();
  };
  const open = (cell) => {
    const key = cell.dataset.key;
    if (!key) return;
    if (chosen) chosen.classList.remove("chosen");
    chosen = cell;
    cell.classList.add("chosen");
    const box = one("panel-body");
    box.replaceChildren(document.querySelector(`[data-entry="${key}"]`).cloneNode(true));
    box.firstElementChild.removeAttribute("data-entry");
    const acts = data.acts[key];
    copies(box, acts.length === 1 ? "The act" : "The acts", "acts", acts);
    copies(box, "Sources", "sources", Array.from(new Set(acts.flatMap((act) => data.sources[act - 1]))).sort((a, b) => a - b));
    one("panel").hidden = false;
    one("panel").scrollTop = 0;
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  const cells = rows.flatMap((row) => Array.from(row.cells).slice(1));
  let current = cells[0];
  const reach = (cell) => {
    current.tabIndex = -1;
    current = cell;
    cell.tabIndex = 0;
    cell.focus();
  };
  for (const cell of cells) cell.tabIndex = cell === current ? 0 : -1;
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  body.addEventListener("click", (event) => {
    const cell = event.target.closest("td");
    if (!cell) return;
    reach(cell);
    if (cell === chosen) close();
    else open(cell);
  });
  body.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(cell);
    } else if (STEPS[event.key]) {
      event.preventDefault();
      const [down, across] = STEPS[event.key];
      const now = Array.from(body.rows);
      const row = now[now.indexOf(cell.parentElement) + down];
      const next = row && row.cells[cell.cellIndex + across];
      if (next && next.tagName === "TD") reach(next);
    }
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  one("close").addEventListener("click", close);
  one("tools").hidden = false;
  if (one("behind")) one("behind").open = false;
})();
