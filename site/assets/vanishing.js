/* Two normals, a distance to move, and what each loss says of them; the still below gets a cursor. */
(() => {
  "use strict";
  const box = document.querySelector('[data-slider="vanishing"]');
  const still = box && box.querySelector("svg");
  if (!still) return;

  const { farthest, left, right, spans } = still.dataset;
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

  // The same integral as grader/staging/figures/_normals.py: E_p[log(1 + e^l)] with l = log q/p.
  const REACH = 12, STEP = 0.1;
  const apart = (distance) => {
    let bce = 0, slope = 0;
    for (let place = -REACH / STEP; place <= REACH / STEP; place++) {
      const x = STEP * place;
      const density = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * STEP;
      const logRatio = distance * x - (distance * distance) / 2;
      bce += density * (Math.max(logRatio, 0) + Math.log1p(Math.exp(-Math.abs(logRatio))));
      slope += (density * (distance - x)) / (1 + Math.exp(-logRatio));
    }
    return { bce, js: Math.log(2) - bce, slope: Math.abs(slope) };
  };

  const live = document.createElement("div");
  const label = made("label", live, `${words.label} `);
  label.htmlFor = "vanishing-distance";
  const shown = made("output", label);
  const input = made("input", live);
  Object.assign(input, { type: "range", id: "vanishing-distance", min: 0, max: farthest, step: 0.1, value: 3 });
  input.style.cssText = "display: block; width: 100%; max-width: 460px; height: 28px; accent-color: var(--accent)";
  shown.htmlFor = input.id;

  const WIDTH = 460, HEIGHT = 150, FLOOR = 135, FROM = -3.5;
  const to = Number(farthest) - FROM;
  const across = (x) => ((x - FROM) / (to - FROM)) * WIDTH;
  const picture = drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, "aria-hidden": "true" }, live);
  picture.style.display = "block";
  drawn("path", { d: `M0 ${FLOOR}H${WIDTH}`, style: "stroke: var(--line)" }, picture);
  const hill = (variable, dashes) => drawn("path", {
    style: `fill: var(${variable}); fill-opacity: .18; stroke: var(${variable}); stroke-width: 2; stroke-dasharray: ${dashes}`,
  }, picture);
  const fixed = hill("--accent", "none"), moving = hill("--warm", "6 3");
  const outline = (mean) => {
    let path = `M${across(mean - 3.5).toFixed(1)} ${FLOOR}`;
    for (let z = -3.5; z <= 3.5; z += 0.1) {
      path += `L${across(mean + z).toFixed(1)} ${(FLOOR - 115 * Math.exp((-z * z) / 2)).toFixed(1)}`;
    }
    return path;
  };
  fixed.setAttribute("d", outline(0));

  const table = made("table", live);
  table.className = "activity";
  table.style.maxWidth = "460px";
  const head = made("tr", made("thead", table));
  for (const title of ["", words.value, words.gradient]) made(title ? "th" : "td", head, title);
  const body = made("tbody", table);
  const cells = ["EMD", "JS", words.bce].map((title) => {
    const row = made("tr", body);
    made("th", row, title).scope = "row";
    return [made("td", row), made("td", row)].map((cell) => {
      cell.style.whiteSpace = "nowrap";
      return cell;
    });
  });

  const cursors = spans.split(";").map((span) => {
    const [y1, y2] = span.split(",");
    return drawn("line", { y1, y2, style: "stroke: currentColor; stroke-width: 1.2; stroke-dasharray: 2 2" }, still);
  });

  const move = () => {
    const distance = Number(input.value);
    const { bce, js, slope } = apart(distance);
    // At 0 the EMD has a corner: every slope between −1 and 1 is a subgradient.
    const rows = [[distance, distance ? 1 : words.corner], [js, slope], [bce, slope]];
    rows.forEach((row, i) => row.forEach((value, j) => {
      cells[i][j].textContent = typeof value === "number" ? value.toFixed(4) : value;
    }));
    shown.textContent = distance.toFixed(1);
    input.setAttribute("aria-valuetext", said(words.spoken, {
      distance: distance.toFixed(1), js: js.toFixed(3), slope: slope.toFixed(3),
    }));
    moving.setAttribute("d", outline(distance));
    const x = Number(left) + (distance / Number(farthest)) * (Number(right) - Number(left));
    for (const cursor of cursors) {
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
    }
  };
  input.addEventListener("input", move);
  box.prepend(live);
  move();
})();
