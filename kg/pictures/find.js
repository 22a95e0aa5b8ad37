"use strict";
// Names compare without case, accents, marks of reading, quotation marks and the letters that Arabic and Persian write differently.
const fold = (text) => text.normalize("NFKD").replace(/[\p{M}\p{Cf}\u0640*"'«»“”„’‘`]/gu, "").toLowerCase().replace(/[يى]/g, "ی").replace(/ك/g, "ک").replace(/ß/g, "ss").replace(/[\s_]+/g, " ").trim();
// The ids whose names come nearest to a text, best first: [[id, names], …] are asked.
const finder = (named) => {
  const folded = named.map(([id, names]) => [id, names.map(fold).filter(Boolean)]);
  const rank = (name, text) => (name === text ? 0 : name.startsWith(text) ? 1 : name.includes(` ${text}`) ? 2 : name.includes(text) ? 3 : 4);
  return (asked) => {
    const text = fold(asked);
    if (!text) return [];
    const ranked = folded.map(([id, names]) => [id, Math.min(4, ...names.map((name) => rank(name, text)))]);
    return ranked.filter(([, place]) => place < 4).sort((a, b) => a[1] - b[1]).map(([id]) => id);
  };
};
