/* The softmax of one row of CLIP's logits as the multiplier moves from 1 to 100; the still stays where scripts are off. */
(() => {
  "use strict";
  const box = document.querySelector('[data-slider="clip_temperature"]');
  const still = box && box.querySelector("svg");
  if (!still) return;

  const cosines = still.dataset.cosines.split(",").map(Number);
  const words = JSON.parse(still.dataset.words);
  const said = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const drawn = (name, attributes, parent) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return parent.appendChild(element);
  };
  const made = (name, parent, text = "") => {
    const element = parent.appendChild(document.createElement(name));
    element.textContent = text;
    return element;
  };

  const live = document.createElement("div");
  const label = made("label", live, `${words.label} `);
  label.htmlFor = "clip-temperature-scale";
  const shown = made("output", label);
  const input = made("input", live);
  // The exponent moves, as it does in training, where s = e^t is learned through t.
  Object.assign(input, { type: "range", id: "clip-temperature-scale", min: 0, max: 2, step: 0.005, value: Math.log10(1 / 0.07).toFixed(3) });
  input.style.cssText = "display: block; width: 100%; max-width: 460px; height: 28px; accent-color: var(--accent)";
  shown.htmlFor = input.id;

  const WIDTH = 460, HEIGHT = 230, FLOOR = 190, TALL = 150;
  const picture = drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, "aria-hidden": "true" }, live);
  picture.style.display = "block";
  drawn("path", { d: `M0 ${FLOOR}H${WIDTH}`, style: "stroke: var(--line)" }, picture);
  const room = WIDTH / cosines.length;
  const bars = cosines.map((cosine, i) => {
    const middle = (i + 0.5) * room;
    const letters = "fill: currentColor; font-size: 13px; text-anchor: middle";
    drawn("text", { x: middle, y: FLOOR + 18, style: letters }, picture).textContent = String(cosine).replace("-", "−");
    const style = i ? "fill: var(--line); stroke: var(--quiet)" : "fill: var(--accent); stroke: var(--accent)";
    return [
      drawn("rect", { x: middle - 0.31 * room, width: 0.62 * room, style }, picture),
      drawn("text", { x: middle, style: letters }, picture),
    ];
  });
  drawn("text", { x: WIDTH / 2, y: HEIGHT - 4, style: "fill: var(--quiet); font-size: 13px; text-anchor: middle" }, picture)
    .textContent = words.cosine;
  const summary = made("p", live);

  const move = () => {
    const scale = 10 ** Number(input.value);
    const largest = Math.max(...cosines);
    const powers = cosines.map((cosine) => Math.exp(scale * (cosine - largest)));
    const total = powers.reduce((sum, power) => sum + power, 0);
    const shares = powers.map((power) => power / total);
    shares.forEach((share, i) => {
      const [bar, text] = bars[i];
      bar.setAttribute("y", FLOOR - TALL * share);
      bar.setAttribute("height", TALL * share);
      text.setAttribute("y", FLOOR - TALL * share - 8);
      text.textContent = share.toFixed(3);
    });
    const loss = Math.log(total) - scale * (cosines[0] - largest);
    shown.textContent = scale.toFixed(1);
    const values = { scale: scale.toFixed(1), share: shares[0].toFixed(3), loss: loss.toFixed(4) };
    summary.textContent = said(words.summary, values);
    input.setAttribute("aria-valuetext", said(words.spoken, values));
  };
  input.addEventListener("input", move);
  still.style.display = "none";
  box.prepend(live);
  move();
})();
