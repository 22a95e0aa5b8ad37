"use strict";
const body = document.querySelector("tbody");
const rows = Array.from(body.rows);
const heads = Array.from(document.querySelectorAll("th"));
const box = document.getElementById("filter");
const shown = document.getElementById("shown");
const order = new Intl.Collator(undefined, { numeric: true });

function compare(place, sign) {
  return (one, other) => {
    const [a, b] = [one.cells[place], other.cells[place]];
    if (!a.textContent || !b.textContent) return (a.textContent ? 0 : 1) - (b.textContent ? 0 : 1);
    if (a.dataset.key && b.dataset.key) return sign * (Number(a.dataset.key) - Number(b.dataset.key));
    return sign * order.compare(a.textContent, b.textContent);
  };
}

heads.forEach((head, place) => {
  head.firstElementChild.addEventListener("click", () => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    heads.forEach((one) => one.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    body.append(...rows.sort(compare(place, up ? 1 : -1)));
  });
});

function filter() {
  const wanted = box.value.toLocaleLowerCase();
  let count = 0;
  for (const row of rows) {
    row.hidden = wanted !== "" && !row.textContent.toLocaleLowerCase().includes(wanted);
    if (!row.hidden) count += 1;
  }
  shown.textContent = count === rows.length ? `${count} rows` : `${count} of ${rows.length} rows`;
}

box.addEventListener("input", filter);
filter();
