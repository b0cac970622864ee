// What the network said of a call is chosen in its form for as long as nobody has chosen: a call that
// reached nobody costs Enter alone. It is no typed text, and no draft holds it.

function propose() {
  const said = document.querySelector("[data-mechanism]");
  const form = document.getElementById("wrap");
  if (!said || !form) return;
  const implied = form.elements.namedItem("mechanism")?.options[0];
  if (implied) implied.textContent = said.dataset.mechanism;
  const { proposes } = said.dataset;
  if (!proposes || form.querySelector("[name=outcome]:checked")) return;
  const choice = form.querySelector(`[name=outcome][value="${CSS.escape(proposes)}"]`);
  if (choice) choice.checked = true;
}

document.addEventListener("troika:replaced", propose);
propose();
