// Reads a time in words back as it was understood, while it can still be corrected.

const WAIT_MS = 400;
let timer = 0;

async function tell(input) {
  const place = document.getElementById(`${input.id}-when`);
  if (!place) return;
  const said = input.value.trim();
  let text = "";
  if (said) {
    const address = `${input.dataset.when}?${new URLSearchParams({ said })}`;
    const response = await fetch(address).catch(() => null);
    if (input.value.trim() !== said) return;
    if (response?.ok && !response.redirected) text = await response.text();
  }
  place.textContent = text;
  place.hidden = !text;
}

document.addEventListener("input", (event) => {
  const input = event.target.closest?.("[data-when]");
  if (!input) return;
  clearTimeout(timer);
  timer = setTimeout(() => tell(input), WAIT_MS);
});

document.querySelectorAll("[data-when]").forEach(tell);
