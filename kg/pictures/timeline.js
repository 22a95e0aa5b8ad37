"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const one = (id) => document.getElementById(id);
  const marks = [...document.querySelectorAll("#still [data-fact]")];
  const lines = [...document.querySelectorAll("#still .line")];
  let chosen = null;

  const add = (parent, tag, text, name) => {
    const made = document.createElement(tag);
    made.textContent = text;
    made.dir = "auto";
    if (name) made.className = name;
    parent.append(made);
  };
  const tell = (box, fact) => {
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
  const choose = (mark) => {
    chosen = mark;
    const box = one("panel-facts");
    box.replaceChildren();
    for (const id of mark.dataset.fact.split(" ")) tell(box, data.facts[id]);
    one("panel").hidden = false;
    one("panel").scrollTop = 0;
    for (const each of marks) each.classList.toggle("dim", each !== mark);
    history.replaceState(null, "", `#${encodeURIComponent(mark.dataset.fact)}`);
  };
  const release = () => {
    one("panel").hidden = true;
    for (const each of marks) each.classList.remove("dim");
    history.replaceState(null, "", "#");
    if (chosen) chosen.focus();
    chosen = null;
  };
  for (const mark of marks) {
    mark.addEventListener("click", () => choose(mark));
    mark.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(mark); }
    });
  }
  addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen) release(); });
  one("close").addEventListener("click", release);
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  one("find").addEventListener("input", (event) => {
    const text = fold(event.target.value.trim());
    for (const line of lines) {
      const words = `${line.dataset.name} ${line.textContent}`;
      line.classList.toggle("dim", text !== "" && !fold(words).includes(text));
    }
    const hit = text && lines.find((line) => !line.classList.contains("dim"));
    if (hit) hit.scrollIntoView({ block: "nearest" });
  });
  one("tools").hidden = false;
  const wanted = decodeURIComponent(location.hash.slice(1));
  const again = wanted && marks.find((mark) => mark.dataset.fact === wanted);
  if (again) choose(again);
})();
