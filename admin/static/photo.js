// Enlarges and turns a photo where it stands, and draws on it what is to be blacked out. Without it, links and numbers do the same.
"use strict";
{
  const NS = "http://www.w3.org/2000/svg";
  const SIDES = ["trai", "tren", "rong", "cao"]; // Left, top, width, height, in percent of the picture as it lies now.
  const byId = (id) => document.getElementById(id);
  const stage = byId("khung");
  if (stage) begin(stage.querySelector("svg"));

  function begin(svg) {
    const image = svg.querySelector("image");
    const width = Number(svg.dataset.width);
    const height = Number(svg.dataset.height);
    let turn = Number(svg.dataset.turn);
    let scale = 1; // Pixels of the screen for one of the picture.
    let left = 0; // What stands in the stage's upper left corner, in the picture's pixels.
    let top = 0;
    let isFitted = true;
    const boxes = [];
    const form = byId("don-che");

    const across = () => (turn % 180 ? height : width);
    const down = () => (turn % 180 ? width : height);
    const room = () => ({ width: stage.clientWidth || 1, height: stage.clientHeight || 1 });
    const whole = () => Math.min(room().width / across(), room().height / down());

    // -- looking ----------------------------------------------------------------------------------------------------------

    function look() {
      const { width: wide, height: high } = room();
      const [seenAcross, seenDown] = [wide / scale, high / scale];
      left = seenAcross >= across() ? (across() - seenAcross) / 2 : Math.min(Math.max(left, 0), across() - seenAcross);
      top = seenDown >= down() ? (down() - seenDown) / 2 : Math.min(Math.max(top, 0), down() - seenDown);
      svg.setAttribute("viewBox", [left, top, seenAcross, seenDown].join(" "));
      stage.classList.toggle("close", isClose());
      stage.classList.toggle("lying", across() > down());
      for (const box of boxes) place(box);
    }
    const isClose = () => scale > whole() * 1.01;
    const isWider = () => room().width / scale < across() - 1; // Than what can be seen of it.

    function fit() {
      isFitted = true;
      scale = whole();
      // A very tall picture, such as a long screenshot, begins at its top and as wide as can be read.
      if (down() > 2 * across()) scale = Math.min(room().width / across(), scale * 6);
      left = top = 0;
      look();
    }

    function zoom(factor, x = room().width / 2, y = room().height / 2) {
      const [pointX, pointY] = [left + x / scale, top + y / scale];
      scale = Math.min(Math.max(scale * factor, whole()), whole() * 40);
      isFitted = !isClose();
      left = pointX - x / scale;
      top = pointY - y / scale;
      look();
    }

    function pan(x, y) {
      left -= x / scale;
      top -= y / scale;
      look();
    }

    function turnBy(angle) {
      turn = (turn + angle) % 360;
      const lies = { 0: [1, 0, 0, 1, 0, 0], 90: [0, 1, -1, 0, height, 0], 180: [-1, 0, 0, -1, width, height], 270: [0, -1, 1, 0, 0, width] };
      image.setAttribute("transform", "matrix(" + lies[turn].join(" ") + ")");
      for (const box of boxes) {
        const { l, t, w, h } = box;
        Object.assign(box, angle === 90 ? { l: 100 - t - h, t: l, w: h, h: w } : { l: t, t: 100 - l - w, w: h, h: w });
        tell(box);
      }
      if (form) form.elements.xoay.value = turn;
      fit();
    }

    // -- boxes ------------------------------------------------------------------------------------------------------------

    const list = byId("o-che");
    const rows = form ? [...list.querySelectorAll(".row")] : [];
    const pattern = rows.length ? rows[0].cloneNode(true) : null;
    const most = form ? Number(list.dataset.most) : 0;
    let isDrawing = false;
    let chosen = null; // The box that was touched last.

    function addBox(l, t, w, h, row = null) {
      if (boxes.length >= most) {
        byId("dem").textContent = byId("dem").dataset.most;
        return null;
      }
      const box = { l, t, w, h, rect: document.createElementNS(NS, "rect"), grip: document.createElementNS(NS, "rect") };
      box.rect.setAttribute("class", "box");
      box.rect.setAttribute("tabindex", "0");
      box.rect.setAttribute("role", "button");
      box.grip.setAttribute("class", "grip");
      box.row = row || pattern.cloneNode(true);
      if (!row) list.append(box.row);
      for (const input of box.row.querySelectorAll("input")) input.addEventListener("input", () => hear(box));
      const drop = box.row.querySelector(".drop");
      drop.hidden = false;
      drop.addEventListener("click", () => remove(box));
      box.rect.addEventListener("keydown", (event) => moveByKey(event, box));
      box.rect.addEventListener("focus", () => { chosen = box; });
      svg.append(box.rect, box.grip);
      boxes.push(box);
      number();
      if (!row) tell(box);
      place(box);
      return box;
    }

    function remove(box) {
      boxes.splice(boxes.indexOf(box), 1);
      box.rect.remove();
      box.grip.remove();
      box.row.remove();
      number();
      (boxes.length ? boxes[boxes.length - 1].rect : byId("them-nut")).focus({ preventScroll: true });
    }

    function number() {
      boxes.forEach((box, at) => {
        const name = list.dataset.box + " " + (at + 1);
        box.row.querySelector("legend").textContent = name;
        box.rect.setAttribute("aria-label", name + ". " + list.dataset.move);
        box.row.querySelectorAll("input").forEach((input, side) => { input.name = SIDES[side] + (at + 1); });
      });
      byId("bo-nut").hidden = !boxes.length;
      const count = byId("dem");
      count.textContent = boxes.length ? count.dataset.one + " " + boxes.length : count.dataset.none;
    }

    function place(box) {
      const set = (one, x, y, w, h) => {
        for (const [name, value] of [["x", x], ["y", y], ["width", w], ["height", h]]) one.setAttribute(name, value);
      };
      const [x, y] = [(box.l / 100) * across(), (box.t / 100) * down()];
      const [w, h] = [(Math.max(box.w, 0) / 100) * across(), (Math.max(box.h, 0) / 100) * down()];
      const side = 18 / scale;
      set(box.rect, x, y, w, h);
      set(box.grip, x + w - side / 2, y + h - side / 2, side, side);
    }

    // What was drawn stands in the numbers of the form, and the other way round.
    function tell(box) {
      box.row.querySelectorAll("input").forEach((input, side) => {
        input.value = String(Math.round([box.l, box.t, box.w, box.h][side] * 100) / 100);
      });
    }

    function hear(box) {
      const typed = [...box.row.querySelectorAll("input")].map((input) => Number(input.value.trim().replace("%", "").replace(",", ".")));
      if (typed.some((one) => !Number.isFinite(one))) return;
      [box.l, box.t, box.w, box.h] = typed;
      place(box);
    }

    function moveByKey(event, box) {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (step && !event.ctrlKey && !event.altKey && !event.metaKey) {
        if (event.shiftKey) {
          box.w = Math.max(0.5, box.w + step[0]);
          box.h = Math.max(0.5, box.h + step[1]);
        } else {
          move(box, step[0], step[1]);
        }
        place(box);
        tell(box);
      } else if (event.key === "Delete" || event.key === "Backspace") {
        remove(box);
      } else if (event.key === "Escape") {
        box.rect.blur();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    }

    function move(box, byX, byY) {
      box.l = Math.min(Math.max(box.l + byX, -box.w + 0.5), 99.5);
      box.t = Math.min(Math.max(box.t + byY, -box.h + 0.5), 99.5);
    }

    function draw(wanted) {
      isDrawing = wanted;
      byId("ve-nut").setAttribute("aria-pressed", String(wanted));
      stage.classList.toggle("drawing", wanted);
      if (wanted) stage.scrollIntoView({ block: "nearest" });
    }

    // -- mouse and fingers ------------------------------------------------------------------------------------------------

    const fingers = new Map();
    let held = null; // What the one pointer does: pan, draw, move or size a box.

    const onStage = (event) => {
      const at = svg.getBoundingClientRect();
      return { x: event.clientX - at.left, y: event.clientY - at.top };
    };
    const inPercent = ({ x, y }) => ({
      x: Math.min(Math.max(((left + x / scale) / across()) * 100, 0), 100),
      y: Math.min(Math.max(((top + y / scale) / down()) * 100, 0), 100),
    });

    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      svg.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, onStage(event));
      if (fingers.size > 1) {
        if (held && held.what === "draw" && held.box) remove(held.box);
        held = null;
        return;
      }
      const box = boxes.find((one) => one.rect === event.target || one.grip === event.target);
      if (box) {
        held = { what: box.grip === event.target ? "size" : "move", box };
        box.rect.focus({ preventScroll: true });
      } else {
        held = { what: isDrawing ? "draw" : "pan", box: null, from: inPercent(onStage(event)) };
      }
      if (held.what !== "pan" || isClose()) event.preventDefault();
    });

    svg.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = onStage(event);
      if (fingers.size === 2) pinch(event.pointerId, before, now);
      else if (held) drag(before, now);
      fingers.set(event.pointerId, now);
    });

    function pinch(id, before, now) {
      const other = [...fingers].find(([one]) => one !== id)[1];
      const apart = (one) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
      zoom(apart(now) / apart(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
      pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    }

    function drag(before, now) {
      const [byX, byY] = [now.x - before.x, now.y - before.y];
      const to = inPercent(now);
      if (held.what === "pan") {
        if (isClose()) pan(byX, byY);
        return;
      }
      if (held.what === "draw") {
        const { from } = held;
        const [w, h] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
        if (!held.box && Math.max(w * across(), h * down()) * scale < 600) return; // Six pixels: a hand that trembled.
        held.box = held.box || addBox(from.x, from.y, 0.5, 0.5);
        if (!held.box) held = null;
        else Object.assign(held.box, { l: Math.min(from.x, to.x), t: Math.min(from.y, to.y), w: Math.max(w, 0.5), h: Math.max(h, 0.5) });
      } else if (held.what === "move") {
        move(held.box, ((byX / scale) / across()) * 100, ((byY / scale) / down()) * 100);
      } else {
        held.box.w = Math.max(0.5, to.x - held.box.l);
        held.box.h = Math.max(0.5, to.y - held.box.t);
      }
      if (held) {
        place(held.box);
        tell(held.box);
      }
    }

    const letGo = (event) => {
      fingers.delete(event.pointerId);
      if (held && held.box) held.box.rect.focus({ preventScroll: true });
      held = null;
    };
    svg.addEventListener("pointerup", letGo);
    svg.addEventListener("pointercancel", letGo);
    svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      const { x, y } = onStage(event);
      zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), x, y);
    }, { passive: false });
    svg.addEventListener("dblclick", (event) => {
      if (isDrawing) return;
      const { x, y } = onStage(event);
      if (isClose()) fit();
      else zoom(2.5, x, y);
    });

    // -- keys -------------------------------------------------------------------------------------------------------------

    const go = (id) => { if (byId(id) && !boxes.length) byId(id).click(); };
    const KEYS = {
      "+": () => zoom(1.4),
      "=": () => zoom(1.4),
      "-": () => zoom(1 / 1.4),
      "0": fit,
      r: () => turnBy(90),
      R: () => turnBy(90),
      ArrowLeft: () => (isWider() ? pan(60, 0) : go("truoc")),
      ArrowRight: () => (isWider() ? pan(-60, 0) : go("sau")),
      ArrowUp: () => isClose() && pan(0, 60),
      ArrowDown: () => isClose() && pan(0, -60),
      Escape: () => {
        if (isDrawing) draw(false);
        else if (isFitted) go("ve");
        else fit();
      },
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || !KEYS[event.key]) return;
      if (event.target.closest("input, textarea, select, [contenteditable]")) return;
      if (!(event.key === "ArrowUp" || event.key === "ArrowDown") || isClose()) event.preventDefault();
      KEYS[event.key]();
    });

    // -- the page ---------------------------------------------------------------------------------------------------------

    stage.classList.add("live");
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    for (const id of ["gan", "xa", "vua", "phim"]) byId(id).hidden = false;
    byId("rieng").hidden = true;
    byId("gan").addEventListener("click", () => zoom(1.4));
    byId("xa").addEventListener("click", () => zoom(1 / 1.4));
    byId("vua").addEventListener("click", () => { scale = whole(); look(); });
    for (const [id, angle] of [["xoay-trai", 270], ["xoay-phai", 90]]) {
      byId(id).addEventListener("click", (event) => {
        event.preventDefault();
        turnBy(angle);
      });
    }
    fit();
    if (form) {
      byId("ve-o").hidden = byId("cach").hidden = false;
      byId("them-hang").hidden = true;
      byId("so").open = false;
      for (const row of rows) {
        const typed = [...row.querySelectorAll("input")];
        if (typed.every((input) => !input.value.trim())) row.remove();
        else {
          const box = addBox(0, 0, 1, 1, row);
          if (box) hear(box);
          else row.remove();
        }
      }
      for (const input of pattern.querySelectorAll("input")) input.removeAttribute("value");
      number();
      byId("ve-nut").addEventListener("click", () => draw(!isDrawing));
      byId("bo-nut").addEventListener("click", () => remove(boxes.includes(chosen) ? chosen : boxes[boxes.length - 1]));
      byId("them-nut").addEventListener("click", () => {
        const { width: wide, height: high } = room();
        const middle = inPercent({ x: wide / 2, y: high / 2 });
        const box = addBox(Math.max(0, middle.x - 7.5), Math.max(0, middle.y - 5), 15, 10);
        if (box) box.rect.focus();
      });
    }
    new ResizeObserver(() => {
      if (isFitted) fit();
      else look();
    }).observe(stage);
  }
}
