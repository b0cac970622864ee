// Words come from the document, so that a script never speaks a language of its own.

export function word(name, near, values = {}) {
  const owner = near?.closest?.(`[data-word-${name}]`);
  const text = owner
    ? owner.getAttribute(`data-word-${name}`)
    : document.getElementById("words")?.getAttribute(`data-${name}`);
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}
