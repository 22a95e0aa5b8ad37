(() => {
  const one = (id) => document.getElementById(id);
  // Cards and lines stand in the data in the order of the drawing: [id, names, rows] and [card, card].
  const [things, wires] = JSON.parse(one("data").textContent);
  const [cards, lines, rows] = [one("cards").children, one("wires").children, one("facts").tBodies[0].rows].map((list) => Array.from(list));
  const labels = cards.map((card) => Array.from(card.querySelectorAll("text, tspan"), (part) => part.firstChild.data).join(" "));
  const words = rows.map((row) => fold(row.textContent));
  const find = finder(things.map(([, names], id) => [id, [labels[id], ...names]]));
  const input = one("find");
  let chosen = null;
  const light = (some, touching) => {
    one("picture").classList.toggle("dim", some.size > 0);
    cards.forEach((card, id) => card.classList.toggle("lit", some.has(id)));
    lines.forEach((line, number) => line.classList.toggle("lit", wires[number].includes(touching)));
  };
  const around = (id) => new Set([id, ...wires.filter((ends) => ends.includes(id)).flat()]);
  const show = () => {
    const asked = fold(input.value);
    const hits = find(input.value);
    const picked = chosen !== null;
    const own = new Set((picked ? [chosen] : hits).flatMap((id) => things[id][2]));
    rows.forEach((row, place) => { row.hidden = picked ? !own.has(place) : asked !== "" && !own.has(place) && !words[place].includes(asked); });
    if (picked) light(around(chosen), chosen);
    else light(new Set(hits));
    cards.forEach((card, id) => card.setAttribute("aria-pressed", id === chosen));
    const number = rows.filter((row) => !row.hidden).length;
    one("told").textContent = picked || asked ? `${picked ? labels[chosen] : `${hits.length} of ${cards.length} cards`}; ${number} of ${rows.length} rows` : "";
    const parts = new URLSearchParams();
    if (picked) parts.set("show", things[chosen][0]);
    if (input.value) parts.set("find", input.value);
    if (`${parts}` !== location.hash.slice(1)) history.replaceState(null, "", `#${parts}`);
  };
  const restore = () => {
    const parts = new URLSearchParams(location.hash.slice(1));
    const id = things.findIndex(([name]) => name === parts.get("show"));
    chosen = id < 0 ? null : id;
    input.value = parts.get("find") || "";
    show();
  };
  const choose = (id) => { chosen = id === chosen ? null : id; show(); };
  const clear = () => { chosen = null; input.value = ""; show(); };
  const at = (id) => ["x", "y"].map((name) => Number(cards[id].getAttribute(name)));
  const next = (id, key) => {
    const [x, y] = at(id);
    const across = key === "ArrowLeft" || key === "ArrowRight";
    const sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
    const near = around(id);
    const far = (other) => {
      const [a, b] = at(other);
      if (across) return (a - x) * sign > 0 ? (near.has(other) ? 0 : 1e6) + Math.abs(a - x) * 3 + Math.abs(b - y) : Infinity;
      return a === x && (b - y) * sign > 0 ? Math.abs(b - y) : Infinity;
    };
    const best = cards.map((_, other) => [far(other), other]).sort((a, b) => a[0] - b[0])[0];
    return best[0] < Infinity ? cards[best[1]] : cards[id];
  };
  cards.forEach((card, id) => {
    for (const [name, value] of [["tabindex", 0], ["role", "button"], ["aria-label", labels[id]]]) card.setAttribute(name, value);
    card.addEventListener("click", () => choose(id));
    for (const name of ["pointerenter", "focus"]) card.addEventListener(name, () => light(around(id), id));
    for (const name of ["pointerleave", "blur"]) card.addEventListener(name, show);
    card.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") choose(id);
      else if (event.key.startsWith("Arrow")) next(id, event.key).focus();
      else return;
      event.preventDefault();
    });
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape") clear(); });
  input.addEventListener("input", () => { chosen = null; show(); });
  one("all").addEventListener("click", clear);
  addEventListener("hashchange", restore);
  one("tools").hidden = false;
  restore();
})();
