// How cards, lines and labels look on the canvas, in the colours of the page: what holds now, and what is near the chosen thing.
const painter = (data, now, near) => {
  const LEVELLED = ["blocked", "designated", "withdrawn", "limited", "pressure"];
  const INKED = ["withdrawn", "limited", "pressure"];
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
  const faint = (wire) => (near() && !near().has(wire) ? 0.12 : now()[wire].ended ? 0.45 : 1);
  const styled = (edge) => {
    const line = look.lines[now()[edge.wire].level] || { color: look.colour("line"), width: 1.3, dashes: false };
    const color = { color: line.color, highlight: line.color, hover: line.color, opacity: faint(edge.wire) };
    return { ...edge, width: line.width, dashes: line.dashes, color, hidden: !now()[edge.wire].shown };
  };
  const card = (node) => ({ ctx, x, y }) => ({
    drawNode() {
      const { level, notes, shown, joined } = now()[node.id];
      if (!shown) return;
      const [left, top] = [x - node.w / 2, y - node.h / 2];
      const levelled = LEVELLED.includes(level);
      ctx.save();
      ctx.globalAlpha = near() ? (near().has(node.id) ? 1 : 0.25) : joined ? 1 : 0.35;
      ctx.beginPath();
      ctx.roundRect(left, top, node.w, node.h, 4);
      ctx.fillStyle = look.colour("card");
      ctx.fill();
      ctx.lineWidth = node.focus ? 3.4 : levelled ? 2 : 1.2;
      ctx.strokeStyle = look.colour(levelled ? level : "rule");
      ctx.stroke();
      ctx.beginPath();
      ctx.roundRect(left, top, 6, node.h, 3);
      ctx.fillStyle = look.colour(levelled ? level : node.kind);
      ctx.fill();
      ctx.textAlign = "left";
      ctx.textBaseline = "alphabetic";
      let line = y - (17 * node.lines.length + 15 * notes.length) / 2;
      ctx.font = `700 13px ${look.font}`;
      ctx.fillStyle = look.colour("ink");
      for (const text of node.lines) { ctx.fillText(text, left + 18, line + 13); line += 17; }
      ctx.font = `600 11px ${look.font}`;
      ctx.fillStyle = look.colour(INKED.includes(level) ? `ink-${level}` : levelled ? level : "quiet");
      for (const text of notes) { ctx.fillText(text, left + 18, line + 11); line += 15; }
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
    ctx.textAlign = "right";
    for (const [id, wire] of Object.entries(data.wires)) {
      const { level, lines, shown } = now()[id];
      if (!shown || !wire.at) continue;
      ctx.globalAlpha = faint(id);
      ctx.font = `${["blocked", "designated"].includes(level) ? 700 : 400} 12px ${look.font}`;
      ctx.fillStyle = look.colour(["words", "owns", "pressure", "promoted"].includes(level) ? "quiet" : "ink");
      lines.forEach((text, row) => {
        // The last line stands right above the edge, whatever number of lines the day needs.
        const y = wire.at[1] + 14 * (row + wire.at[2] - lines.length);
        ctx.strokeText(text, wire.at[0], y);
        ctx.fillText(text, wire.at[0], y);
      });
    }
    ctx.restore();
  };
  return { readLook, styled, card, drawWords };
};
