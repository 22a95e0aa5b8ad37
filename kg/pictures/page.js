"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const one = (id) => document.getElementById(id);
  const canvas = one("canvas");
  const still = one("still");
  const [width, height] = data.size;
  const GREATEST = 1.2;
  let chosen = null;
  let look = {};

  const readLook = () => {
    const root = getComputedStyle(document.documentElement);
    const colour = (name) => root.getPropertyValue(`--${name}`).trim();
    look = { colour, font: colour("font"), lines: {} };
    for (const path of document.querySelectorAll("#legend path[data-level]")) {
      const style = getComputedStyle(path);
      const dash = style.strokeDasharray === "none" ? false : style.strokeDasharray.split(/[ ,]+/).map(parseFloat);
      look.lines[path.dataset.level] = { color: style.stroke, width: parseFloat(style.strokeWidth), dashes: dash };
    }
  };

  const faint = (wire, ended) => (chosen && !chosen.has(wire) ? 0.12 : ended ? 0.45 : 1);
  const styled = (edge) => {
    const line = look.lines[edge.level] || { color: look.colour("line"), width: 1.3, dashes: false };
    return { ...edge, width: line.width, dashes: line.dashes, color: { color: line.color, highlight: line.color, hover: line.color, opacity: faint(edge.wire, edge.ended) } };
  };
  const LEVELLED = ["blocked", "designated", "withdrawn", "limited", "pressure"];
  const INKED = ["withdrawn", "limited", "pressure"];

  const card = (node) => ({ ctx, x, y }) => ({
    drawNode() {
      const left = x - node.w / 2;
      const top = y - node.h / 2;
      const levelled = LEVELLED.includes(node.level);
      ctx.save();
      ctx.globalAlpha = chosen && !chosen.has(node.id) ? 0.25 : 1;
      ctx.beginPath();
      ctx.roundRect(left, top, node.w, node.h, 4);
      ctx.fillStyle = look.colour("card");
      ctx.fill();
      ctx.lineWidth = node.focus ? 3.4 : levelled ? 2 : 1.2;
      ctx.strokeStyle = look.colour(levelled ? node.level : "rule");
      ctx.stroke();
      ctx.beginPath();
      ctx.roundRect(left, top, 6, node.h, 3);
      ctx.fillStyle = look.colour(levelled ? node.level : node.kind);
      ctx.fill();
      ctx.textAlign = "left";
      ctx.textBaseline = "alphabetic";
      let line = y - (17 * node.lines.length + 15 * node.notes.length) / 2;
      ctx.font = `700 13px ${look.font}`;
      ctx.fillStyle = look.colour("ink");
      for (const text of node.lines) { ctx.fillText(text, left + 18, line + 13); line += 17; }
      ctx.font = `600 11px ${look.font}`;
      ctx.fillStyle = look.colour(INKED.includes(node.level) ? `ink-${node.level}` : levelled ? node.level : "quiet");
      for (const text of node.notes) { ctx.fillText(text, left + 18, line + 11); line += 15; }
      ctx.restore();
    },
    nodeDimensions: { width: node.w, height: node.h },
  });

  const drawWords = (ctx) => {
    ctx.save();
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "left";
    ctx.font = `700 11.5px ${look.font}`;
    ctx.fillStyle = look.colour("quiet");
    for (const [x, text] of data.heads) ctx.fillText(text.toUpperCase(), x, 26);
    ctx.font = `700 12px ${look.font}`;
    for (const [x, y, text] of data.groups) ctx.fillText(text, x, y);
    ctx.lineJoin = "round";
    ctx.lineWidth = 4;
    ctx.strokeStyle = look.colour("ground");
    for (const [wire, label] of Object.entries(data.labels)) {
      const edge = byWire.get(wire);
      ctx.globalAlpha = faint(wire, edge.ended);
      ctx.font = `${["blocked", "designated"].includes(edge.level) ? 700 : 400} 12px ${look.font}`;
      ctx.fillStyle = look.colour(["words", "owns", "pressure", "promoted"].includes(edge.level) ? "quiet" : "ink");
      ctx.textAlign = "right";
      label.lines.forEach((text, row) => {
        ctx.strokeText(text, label.x, label.y + 14 * row);
        ctx.fillText(text, label.x, label.y + 14 * row);
      });
    }
    ctx.restore();
  };

  readLook();
  const byWire = new Map(data.edges.map((edge) => [edge.wire, edge]));
  const nodes = new vis.DataSet(data.nodes.map((node) => (node.shape === "custom" ? { ...node, label: undefined, ctxRenderer: card(node) } : { ...node, label: undefined, color: "rgba(0,0,0,0)" })));
  const edges = new vis.DataSet(data.edges.map(styled));
  canvas.hidden = false;
  const scale = () => Math.min(GREATEST, canvas.clientWidth / width);
  const setHeight = () => { canvas.style.height = `${Math.ceil(height * scale())}px`; };
  setHeight();
  let network;
  try {
    network = new vis.Network(canvas, { nodes, edges }, data.options);
  } catch (error) {
    canvas.hidden = true;
    throw error;
  }
  still.hidden = true;
  one("tools").hidden = false;
  const fit = () => {
    setHeight();
    network.setSize("100%", `${canvas.clientHeight}px`);
    network.redraw();
    network.moveTo({ position: { x: canvas.clientWidth / scale() / 2, y: height / 2 }, scale: scale() });
  };
  network.on("afterDrawing", drawWords);
  fit();
  const recolour = () => { readLook(); edges.update(data.edges.map(styled)); network.redraw(); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  addEventListener("resize", fit);

  const add = (parent, tag, text, name) => {
    const made = document.createElement(tag);
    made.textContent = text;
    made.dir = "auto";
    if (name) made.className = name;
    parent.append(made);
    return made;
  };
  const tellFact = (box, fact) => {
    add(box, "h3", fact.label);
    add(box, "div", [fact.when, fact.type].filter(Boolean).join(", "), "quiet");
    for (const [word, text] of fact.details) add(box, "div", `${word}: ${text}`);
    for (const account of fact.accounts) {
      add(box, "p", `Account: ${account.said}`);
      for (const [number, locator] of account.from) {
        const source = data.sources[number - 1];
        const title = source.title ? `, “${source.title}”` : "";
        add(box, "div", `[${number}] ${source.publisher}, ${source.issued || "undated"}${title}${locator ? `, ${locator}` : ""}`);
        add(box, "span", source.url, "address");
      }
    }
    if (fact.note) add(box, "p", fact.note, "quiet");
  };
  const tell = (item) => {
    one("panel-title").textContent = item.label;
    one("panel-type").textContent = item.type;
    const box = one("panel-facts");
    box.replaceChildren();
    for (const number of item.facts) tellFact(box, data.facts[number]);
    one("panel").hidden = false;
    one("panel").scrollTop = 0;
  };
  const ends = (wire) => data.wires[wire].ends;
  const choose = (id) => {
    const item = data.things[id] || data.wires[id];
    if (!item) return;
    const wires = data.things[id] ? Object.keys(data.wires).filter((wire) => ends(wire).includes(id)) : [id];
    chosen = new Set([id, ...wires, ...wires.flatMap(ends)]);
    tell(item);
    fit();
    recolour();
  };
  const release = () => {
    chosen = null;
    one("panel").hidden = true;
    fit();
    recolour();
  };
  const cards = data.nodes.filter((node) => node.shape === "custom");
  const cardAt = ({ x, y }) => cards.find((node) => Math.abs(x - node.x) <= node.w / 2 && Math.abs(y - node.y) <= node.h / 2);
  network.on("click", (event) => {
    const node = cardAt(event.pointer.canvas);
    const port = event.nodes.length ? nodes.get(event.nodes[0]).wire : undefined;
    if (node) choose(node.id);
    else if (port) choose(port);
    else if (event.edges.length) choose(edges.get(event.edges[0]).wire);
    else if (chosen) release();
  });
  one("close").addEventListener("click", release);
  one("find").addEventListener("input", (event) => {
    const text = event.target.value.trim().toLowerCase();
    if (!text) { if (chosen) release(); return; }
    const all = Object.entries(data.things);
    const hit = all.find(([, item]) => item.label.toLowerCase().startsWith(text)) || all.find(([, item]) => item.label.toLowerCase().includes(text));
    if (hit) choose(hit[0]);
  });
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor });
  one("closer").addEventListener("click", () => zoom(1.25));
  one("wider").addEventListener("click", () => zoom(0.8));
  one("fit").addEventListener("click", fit);
})();
