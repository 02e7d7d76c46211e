// The small map on a tip's page: the exact place where the page has it, else the square it lies in, over the ward's own borders. Leaflet is
// fetched when somebody scrolls to it; without it the words beside say where.
"use strict";
{
  const place = document.getElementById("small-map");
  const LIB = "/static/desk/lib/leaflet";

  function fetched(made) {
    return new Promise((resolve, reject) => {
      made.addEventListener("load", resolve);
      made.addEventListener("error", reject);
      document.head.append(made);
    });
  }

  function pin() {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("class", "icon");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", "/static/looks/icons.svg#map-pin");
    picture.append(use);
    return L.divIcon({ html: picture, className: "small-pin", iconSize: [32, 32], iconAnchor: [16, 30] });
  }

  // Of a ward that has brought no borders.
  function name(map, at, words) {
    const content = document.createElement("span");
    content.textContent = words;
    L.tooltip(at, { permanent: true, direction: "center", className: "small-name", interactive: false, content }).addTo(map);
  }

  async function outlines(address) {
    try {
      const answer = await fetch(address, { redirect: "error" });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null; // The place is shown all the same.
    }
  }

  async function draw() {
    const said = place.dataset;
    const [south, west, north, east] = said.square.split(",").map(Number);
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: LIB + ".css" });
    await Promise.all([fetched(style), fetched(Object.assign(document.createElement("script"), { src: LIB + ".js" }))]);
    place.classList.add("drawn");
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = L.map(place, {
      zoomControl: false, attributionControl: false, scrollWheelZoom: false, keyboard: false, dragging: !L.Browser.mobile, minZoom: 10, maxZoom: 19,
      zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still,
    });
    L.control.zoom({ zoomInTitle: said.in, zoomOutTitle: said.out }).addTo(map);
    if (said.tiles) {
      L.TileLayer.include({ _abortLoading: function () {} });
      L.tileLayer(said.tiles, { maxZoom: 19 }).addTo(map);
      const credit = document.createElement("i");
      credit.textContent = said.credit;
      L.control.attribution({ prefix: false }).addAttribution(credit.innerHTML).addTo(map);
    }
    const square = L.latLngBounds([south, west], [north, east]);
    if (said.exact) map.setView(said.exact.split(",").map(Number), 16, { animate: false });
    else map.fitBounds(square, { maxZoom: 16, animate: false });
    const found = await outlines(said.outlines), points = JSON.parse(said.points);
    if (found && found.features.length) {
      L.geoJSON(found, { interactive: false, style: (one) => ({ className: one.properties.kind === "ward" ? "ward" : "home" }) }).addTo(map);
    } else if (points.length) {
      for (const [latitude, longitude, words] of points) name(map, [latitude, longitude], words);
    } else if (!said.tiles) throw new Error("there is nothing to draw it on");
    if (said.exact) L.marker(said.exact.split(",").map(Number), { icon: pin(), interactive: false, keyboard: false }).addTo(map);
    else L.rectangle(square, { interactive: false, className: "square" }).addTo(map);
  }

  if (place) {
    place.hidden = false;
    new IntersectionObserver((seen, watch) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      watch.disconnect();
      draw().catch(() => { place.hidden = true; });
    }, { rootMargin: "120px" }).observe(place);
  }
}
