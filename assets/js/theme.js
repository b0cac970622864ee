// A choice of theme, density or keys shows at once; its form keeps it on the server.

document.addEventListener("change", (event) => {
  const { set } = event.target.dataset ?? {};
  if (set) document.documentElement.dataset[set] = event.target.value;
});
