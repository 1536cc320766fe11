/* A map in the app: draws what the page hands to this frame, each part anew only where it
   differs from what stands, and tells the page what is clicked. Where a person turned the
   map is kept for the visit: a frame is made anew by a reload and by a server's restart. */
(function (circle) {
  "use strict";

  var NOT_FOUND = "a part of the map could not be read", LATER_MS = 3000;
  var TURNED_TO = ["circleChosen", "circleReach", "circleStart"];  // each turns a map once
  var page = window.parent, map = null, ground = null, newest = 0;
  var drawn = {};  // by name: what was asked for, its layer, how it takes another answer
  var read = {};  // by address: what answers share

  function send(type, values) {
    page.postMessage(Object.assign({ isStreamlitMessage: true, type: type }, values), "*");
  }

  /* Every click is told once: no two have the same time. */
  function tell(click) {
    send("streamlit:setComponentValue", {
      value: Object.assign({ time: performance.timeOrigin + performance.now() }, click),
      dataType: "json"
    });
  }

  function fetched(address) {
    return fetch("../.." + address).then(function (answer) {
      if (!answer.ok) throw new Error(NOT_FOUND);
      return answer.json();
    });
  }

  /* Reads what is not read yet; keeps nothing that is not asked for any more. */
  function reading(addresses) {
    var before = read;
    read = {};
    addresses.forEach(function (address) {
      read[address] = before[address] || fetched(address);
      read[address].catch(function () { delete read[address]; });
    });
    return Promise.all(addresses.map(function (address) { return read[address]; }));
  }

  /* ---- the view, for the visit ---- */

  /* A page that was opened by a link begins anew, even where this tab had it before. */
  function continued(view) {
    var how = page.performance.getEntriesByType("navigation")[0];
    return view.visit === page.performance.timeOrigin || (how && how.type === "reload");
  }

  function kept(place) {
    try {
      var view = JSON.parse(sessionStorage.getItem(place));
      var whole = view && [view.lat, view.lng, view.zoom].every(Number.isFinite);
      return whole && continued(view) ? view : null;
    } catch (e) {  // a browser that keeps nothing, or not what we wrote
      return null;
    }
  }

  function keep(place) {
    if (!map || !map.circleSettled) return;
    var middle = map.getCenter();
    var view = {
      lat: middle.lat, lng: middle.lng, zoom: map.getZoom(), visit: page.performance.timeOrigin
    };
    TURNED_TO.forEach(function (name) { view[name] = map[name]; });
    try {
      sessionStorage.setItem(place, JSON.stringify(view));
    } catch (e) { /* a browser that keeps nothing */ }
  }

  /* What the map was turned to before is known before the layers ask for it. */
  function resume(place) {
    var view = kept(place);
    if (view) TURNED_TO.forEach(function (name) { map[name] = view[name]; });
    map.once("circle:settled", function () {
      if (view) map.setView([view.lat, view.lng], view.zoom, { animate: false });
      keep(place);
      map.on("moveend", function () { keep(place); });
    });
  }

  function begin(args, data) {
    if (map) map.remove();
    drawn = {};
    ground = args.ground;
    map = circle.map = L.map("map_div", args.options);
    if (args.tiles) L.tileLayer(args.tiles.address, args.tiles.options).addTo(map);
    circle.base(map, data);
    circle.tools(map, args.tools);
    resume(args.place);
    map.on("click", function (event) {
      var first = !event.originalEvent || event.originalEvent.detail < 2;  // the second one zooms
      var place = event.latlng.wrap();
      if (first) tell({ lon: place.lng, lat: place.lat });
    });
    map.on("circle:pick", function (picked) {
      tell({ layer: picked.layer, id: picked.id, lon: picked.lon, lat: picked.lat });
    });
  }

  function draw(layer, shared) {
    var before = drawn[layer.name], said = JSON.stringify(layer.data);
    var same = before && before.shared === layer.shared;
    if (same && before.said === said) return;
    var data = Object.assign({}, shared, layer.data);
    if (same && before.change) {
      before.change(data);
      before.said = said;
      return;
    }
    if (before) before.parts.remove();
    var parts = L.featureGroup().addTo(map);
    var change = circle[layer.draw](parts, data);
    drawn[layer.name] = { shared: layer.shared, said: said, parts: parts, change: change };
  }

  function show(args, parts) {
    if (ground !== args.ground) begin(args, parts[args.ground]);
    var asked = args.layers.map(function (layer) { return layer.name; });
    Object.keys(drawn).forEach(function (name) {
      if (asked.indexOf(name) >= 0) return;
      drawn[name].parts.remove();
      delete drawn[name];
    });
    args.layers.forEach(function (layer) { draw(layer, parts[layer.shared]); });
    keep(args.place);
  }

  function render(args) {
    var turn = newest += 1;
    var addresses = args.layers.map(function (layer) { return layer.shared; })
      .concat(args.ground).filter(Boolean);
    reading(addresses).then(function (found) {
      var parts = {};
      addresses.forEach(function (address, i) { parts[address] = found[i]; });
      if (turn === newest) show(args, parts);
    }).catch(function (fault) {  // the page gives up what an answer shares once it has another
      setTimeout(function () { if (turn === newest) throw fault; }, LATER_MS);
    });
  }

  window.addEventListener("message", function (event) {
    if (event.source !== page || event.data.type !== "streamlit:render") return;
    var colour = (event.data.theme || {}).backgroundColor;
    if (colour) document.documentElement.style.setProperty("--background-color", colour);
    var args = event.data.args;
    render(Object.assign({}, args, { layers: JSON.parse(new TextDecoder().decode(args.layers)) }));
  });

  send("streamlit:componentReady", { apiVersion: 1 });
})(window.circle);
