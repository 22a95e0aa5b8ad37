"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const one = (id) => document.getElementById(id);
  const { nodes, edges } = data;
  const X = 0, Y = 1, KIND = 2, DEGREE = 3, LABEL = 4, ID = 5;
  const DASHES = { pressure: [7, 4], promoted: [2, 4], exempted: [12, 4], words: [3, 3], law: [1.5, 3.5] };
  const WIDTHS = { blocked: 2.2, designated: 1.8, withdrawn: 1.8, limited: 1.6 };
  const COLOURS = { promoted: "pressure", exempted: "company", words: "line", law: "line", owns: "line", act: "line" };
  one("tools").hidden = false;
  one("stage").hidden = false;
  const canvas = one("canvas");
  const ctx = canvas.getContext("2d");
  let width = 0, height = 0, scale = 1, left = 0, top = 0, chosen = -1, waiting = 0, resting = 0, look = {};

  const readLook = () => {
    const root = getComputedStyle(document.documentElement);
    const colour = (name) => root.getPropertyValue(`--${name}`).trim();
    look = { ground: colour("ground"), ink: colour("ink"), font: colour("font"), kinds: data.kinds.map(colour), levels: data.levels.map((level) => colour(COLOURS[level] || level)) };
  };
  const groups = new Map();
  for (const edge of edges) {
    const key = edge[2] * 2 + edge[3];
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(edge);
  }
  const byKind = data.kinds.map((_, kind) => nodes.filter((node) => node[KIND] === kind));
  const radius = (node) => Math.min(14, 2.5 + Math.sqrt(node[DEGREE])) * Math.min(1.6, Math.max(0.55, Math.sqrt(scale / 14)));
  const seen = (node, room) => {
    const x = node[X] * scale + left, y = node[Y] * scale + top;
    return x > -room && y > -room && x < width + room && y < height + room;
  };

  const drawLines = () => {
    for (const [key, some] of groups) {
      const level = data.levels[key >> 1];
      ctx.beginPath();
      for (const [from, to] of some) {
        if (chosen >= 0 && from !== chosen && to !== chosen) continue;
        ctx.moveTo(nodes[from][X] * scale + left, nodes[from][Y] * scale + top);
        ctx.lineTo(nodes[to][X] * scale + left, nodes[to][Y] * scale + top);
      }
      ctx.globalAlpha = key % 2 ? 0.3 : 0.75;
      ctx.strokeStyle = look.levels[key >> 1];
      ctx.lineWidth = WIDTHS[level] || 1;
      ctx.setLineDash(nodes.length > 3000 ? [] : DASHES[level] || []);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  };
  const near = () => new Set(chosen < 0 ? [] : edges.filter(([from, to]) => from === chosen || to === chosen).flatMap(([from, to]) => [from, to]).concat(chosen));
  const drawDots = () => {
    byKind.forEach((some, kind) => {
      ctx.fillStyle = look.kinds[kind];
      ctx.beginPath();
      for (const node of some) {
        if (!seen(node, 15)) continue;
        const x = node[X] * scale + left, y = node[Y] * scale + top, r = radius(node);
        if (r < 2.2) ctx.rect(x - r, y - r, 2 * r, 2 * r);
        else { ctx.moveTo(x + r, y); ctx.arc(x, y, r, 0, 7); }
      }
      ctx.fill();
    });
  };
  const drawNames = (most) => {
    const taken = [];
    const picked = near();
    ctx.lineJoin = "round";
    ctx.lineWidth = 4;
    ctx.strokeStyle = look.ground;
    ctx.fillStyle = look.ink;
    let told = 0;
    const order = picked.size ? [...picked] : nodes.keys();
    for (const number of order) {
      if (told >= most) break;
      const node = nodes[number];
      if (!seen(node, 0)) continue;
      ctx.font = `${number < data.focus || number === chosen ? 700 : 400} 12px ${look.font}`;
      const x = node[X] * scale + left + radius(node) + 3, y = node[Y] * scale + top + 4;
      const right = x + ctx.measureText(node[LABEL]).width;
      if (taken.some(([a, b, c]) => x - 9 < c && right + 9 > a && Math.abs(y - b) < 15)) continue;
      taken.push([x, y, right]);
      ctx.strokeText(node[LABEL], x, y);
      ctx.fillText(node[LABEL], x, y);
      told += 1;
    }
  };
  const draw = (moving) => {
    const dense = devicePixelRatio || 1;
    ctx.setTransform(dense, 0, 0, dense, 0, 0);
    ctx.clearRect(0, 0, width, height);
    if (!moving) drawLines();
    drawDots();
    drawNames(moving ? 12 : 60);
  };
  const rest = () => { draw(false); canvas.dataset.drawn = "yes"; };
  const move = () => {
    if (!waiting) waiting = requestAnimationFrame(() => { waiting = 0; draw(true); });
    clearTimeout(resting);
    resting = setTimeout(rest, 160);
  };
  const fit = () => {
    const xs = nodes.map((node) => node[X]), ys = nodes.map((node) => node[Y]);
    const reach = (values) => values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
    const [x0, x1] = reach(xs), [y0, y1] = reach(ys);
    scale = Math.min((width - 160) / (x1 - x0 || 1), (height - 40) / (y1 - y0 || 1));
    left = width / 2 - (scale * (x0 + x1)) / 2 - 40;
    top = height / 2 - (scale * (y0 + y1)) / 2;
    rest();
  };
  const size = () => {
    width = canvas.clientWidth;
    height = canvas.clientHeight;
    const dense = devicePixelRatio || 1;
    canvas.width = width * dense;
    canvas.height = height * dense;
    fit();
  };
  const zoom = (factor, x = width / 2, y = height / 2) => {
    scale *= factor;
    left = x - (x - left) * factor;
    top = y - (y - top) * factor;
    move();
  };
  const choose = (number) => {
    chosen = number;
    one("panel").hidden = number < 0;
    if (number >= 0) {
      const node = nodes[number];
      const lines = edges.filter(([from, to]) => from === number || to === number);
      one("panel-title").textContent = node[LABEL];
      one("panel-type").textContent = `${data.kinds[node[KIND]]}, ${lines.length} ${lines.length === 1 ? "line" : "lines"}`;
      one("panel-lines").replaceChildren(...lines.slice(0, 200).map(([from, to, , , label]) => {
        const item = document.createElement("li");
        item.textContent = `${nodes[from][LABEL]} – ${label} – ${nodes[to][LABEL]}`;
        return item;
      }), ...(lines.length > 200 ? [Object.assign(document.createElement("li"), { textContent: `and ${lines.length - 200} more` })] : []));
      one("panel-command").textContent = `kg graph prki:${node[ID]} -o picture.html`;
    }
    rest();
  };
  let held = null;
  canvas.addEventListener("pointerdown", (event) => { held = { x: event.clientX, y: event.clientY, far: 0 }; });
  canvas.addEventListener("pointermove", (event) => {
    if (!held) return;
    const dx = event.clientX - held.x, dy = event.clientY - held.y;
    held = { x: event.clientX, y: event.clientY, far: held.far + Math.abs(dx) + Math.abs(dy) };
    left += dx;
    top += dy;
    move();
  });
  addEventListener("pointerup", (event) => {
    if (held && held.far < 4 && event.target === canvas) {
      const x = event.offsetX, y = event.offsetY;
      let best = -1, closest = 14;
      nodes.forEach((node, number) => {
        const far = Math.hypot(node[X] * scale + left - x, node[Y] * scale + top - y) - radius(node);
        if (far < closest) { closest = far; best = number; }
      });
      choose(best);
    }
    held = null;
  });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (step) { event.preventDefault(); left += step[0]; top += step[1]; move(); }
    if (event.key === "+" || event.key === "=") zoom(1.25);
    if (event.key === "-") zoom(0.8);
    if (event.key === "Escape") choose(-1);
  });
  one("find").addEventListener("input", (event) => {
    const text = event.target.value.trim().toLowerCase();
    const all = [...nodes.keys()];
    const found = text ? all.find((number) => nodes[number][LABEL].toLowerCase().startsWith(text)) ?? all.find((number) => nodes[number][LABEL].toLowerCase().includes(text)) : undefined;
    if (found !== undefined) {
      left = width / 2 - nodes[found][X] * scale;
      top = height / 2 - nodes[found][Y] * scale;
    }
    choose(found ?? -1);
  });
  one("closer").addEventListener("click", () => zoom(1.25));
  one("wider").addEventListener("click", () => zoom(0.8));
  one("fit").addEventListener("click", fit);
  one("close").addEventListener("click", () => choose(-1));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readLook(); rest(); });
  addEventListener("resize", size);
  readLook();
  size();
})();
