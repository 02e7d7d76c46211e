// Draws the map of tips: borders, circles that count squares, and exact places where somebody asks for them.
// Without it the table says the same.
"use strict";
(function () {
  const drawn = document.getElementById("drawn");
  if (!drawn || !window.L) return;
  const words = drawn.dataset;
  const said = document.getElementById("said");
  const points = JSON.parse(words.points);
  const MOST = 1000;
  let map = null;
  let pins = null;

  function say(text) { said.textContent = text; }
  function fill(template, values) { return template.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all)); }
  function written(count) { return count > MOST ? words.most : String(count); }
  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  async function load(address, options) {
    const answer = await fetch(address, { redirect: "error", ...options });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  // A circle: its number for the eye, its sentence for who listens.
  function circle(count, sentence) {
    const size = count < 10 ? 44 : count < 100 ? 48 : 56;
    const inside = element("span", "");
    const number = element("span", "", written(count));
    number.setAttribute("aria-hidden", "true");
    inside.append(number, element("span", "unseen", sentence));
    return L.divIcon({ html: inside, className: "cell" + (count < 10 ? " few" : ""), iconSize: [size, size] });
  }

  function begin() {
    drawn.hidden = false;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    map = L.map("map", { zoomControl: false, attributionControl: false, minZoom: 6, maxZoom: 19, scrollWheelZoom: false, zoomSnap: words.tiles ? 1 : 0.25, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still });
    // The wheel scrolls the page until somebody is at the map.
    map.on("focus", () => map.scrollWheelZoom.enable()).on("blur", () => map.scrollWheelZoom.disable());
    map.createPane("names").style.zIndex = 450; // Under the circles.
    L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
    if (words.tiles) {
      // What was begun may arrive: taking it back would need an empty picture from elsewhere.
      L.TileLayer.include({ _abortLoading: function () {} });
      L.tileLayer(words.tiles, { maxZoom: 19 }).addTo(map);
      L.control.attribution({ prefix: false }).addAttribution(element("i", "", words.credit).innerHTML).addTo(map);
    }
    map.on("popupopen", function (event) {
      const close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
      if (close) close.setAttribute("aria-label", words.close);
    });
    map.on("zoomend", function () { map.getContainer().classList.toggle("far", map.getZoom() < 15); });
  }

  function name(at, text) {
    L.tooltip(at, { permanent: true, direction: "center", pane: "names", className: "name", interactive: false, content: element("span", "", text) }).addTo(map);
  }

  // Circles gather in the middle.
  function nearTop(box) { return [box.getNorth() - 0.24 * (box.getNorth() - box.getSouth()), box.getCenter().lng]; }

  function outline(outlines) {
    const area = L.latLngBounds([]);
    L.geoJSON(outlines, {
      interactive: false,
      style: (feature) => ({ className: feature.properties.kind === "ward" ? "ward" : "home" }),
      onEachFeature: function (feature, layer) {
        area.extend(layer.getBounds());
        if (feature.properties.kind !== "ward") name(nearTop(layer.getBounds()), feature.properties.name);
      },
    }).addTo(map);
    if (!outlines.features.length) {
      for (const point of points) { name([point[0], point[1]], point[2]); area.extend([point[0], point[1]]); }
    }
    return area;
  }

  function popup(sentence, href, press) {
    const box = element("div");
    const link = element("a", "", press);
    link.href = href;
    box.append(element("p", "", sentence), link);
    return box;
  }

  function count(found) {
    const area = L.latLngBounds([]);
    const clusters = L.markerClusterGroup({
      animate: false, showCoverageOnHover: false, spiderfyOnMaxZoom: false, maxClusterRadius: 56, disableClusteringAtZoom: 17,
      iconCreateFunction: function (cluster) {
        const sum = cluster.getAllChildMarkers().reduce((all, one) => all + one.options.count, 0);
        return circle(sum, fill(words.group, { count: written(sum) }));
      },
    });
    for (const one of found.cells) {
      const [south, west, north, east] = one.square;
      const middle = [(south + north) / 2, (west + east) / 2];
      const sentence = fill(words.tip, { count: written(one.count), place: one.place });
      const marker = L.marker(middle, { count: one.count, icon: circle(one.count, sentence), keyboard: true });
      marker.bindPopup(popup(sentence, words.list + "&o=" + encodeURIComponent(one.cell), words.open));
      clusters.addLayer(marker);
      area.extend([[south, west], [north, east]]);
    }
    map.addLayer(clusters);
    return area;
  }

  // Somebody came from a tip, to see what is around it.
  function around([south, west, north, east]) {
    drawn.hidden = false;
    map.invalidateSize();
    map.fitBounds([[south, west], [north, east]], { maxZoom: 16, animate: false });
    L.rectangle([[south, west], [north, east]], { interactive: false, className: "square" }).addTo(map);
  }

  function tell(found) {
    const sentences = [];
    if (!found.cells.length && !found.without) sentences.push(words.none);
    if (found.without) sentences.push(fill(words.without, { count: written(found.without) }));
    if (found.cut) sentences.push(words.cut);
    say(sentences.join(" "));
  }

  async function draw() {
    say(words.waiting);
    try {
      begin();
      const [outlines, found] = await Promise.all([load(words.outlines), load(words.cells)]);
      map.setView([16, 107.8], 6);
      const area = outline(outlines);
      const tips = count(found);
      const shown = area.isValid() ? area : tips;
      drawn.hidden = !shown.isValid(); // There is nothing to draw; the page says so below.
      if (words.at) around(words.at.split(",").map(Number));
      else if (shown.isValid()) map.fitBounds(shown, { maxZoom: 16, padding: [16, 16], animate: false });
      tell(found);
    } catch {
      say(words.failed);
    }
  }

  function pin(one) {
    const inside = element("span");
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("class", "icon");
    picture.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", "/static/looks/icons.svg#map-pin");
    picture.append(use);
    inside.append(picture, element("span", "unseen", one.title + " · " + one.facts));
    const marker = L.marker(one.at, { icon: L.divIcon({ html: inside, className: "pinned", iconSize: [44, 44], iconAnchor: [22, 42], popupAnchor: [0, -36] }), zIndexOffset: 1000 });
    return marker.bindPopup(popup(one.title + " · " + one.facts, one.href, words.openTip));
  }

  function hide() {
    if (pins) map.removeLayer(pins);
    pins = null;
    map.getContainer().classList.remove("opened");
    document.getElementById("unpin").hidden = true;
  }

  async function open() {
    const button = document.getElementById("pins");
    const view = map.getBounds();
    button.disabled = true;
    say(words.waiting);
    try {
      const body = new URLSearchParams({ csrf: words.token, nam: view.getSouth(), tay: view.getWest(), bac: view.getNorth(), dong: view.getEast() });
      const found = await load(words.pins, { method: "POST", body: body });
      hide();
      if (found.pins.length) {
        pins = L.layerGroup(found.pins.map(pin)).addTo(map);
        map.getContainer().classList.add("opened");
        document.getElementById("unpin").hidden = false;
      }
      say(found.said);
    } catch {
      say(words.pinsFailed);
    }
    button.disabled = false;
  }

  draw();
  const button = document.getElementById("pins");
  if (button) {
    button.addEventListener("click", open);
    document.getElementById("unpin").addEventListener("click", function () { hide(); say(""); });
  }
})();
