/* Draws the map's layers. Python sends data alone; every text is either set as
   text content or arrives escaped. Layers are kept by key, so that the legend
   can hide one and it stays hidden when the next answer replaces it. */
window.circle = (function () {
  "use strict";

  var script = document.currentScript ? document.currentScript.src : "";
  if (script.indexOf("data:") !== 0) {
    L.Icon.Default.imagePath = script.replace(/[^/]*$/, "") + "leaflet/images/";
  }

  var MICRO = 1e-6;
  var MOST_SHRUNK = 0.5;
  var MOST_NEARED = 17;
  var NARROW_PX = 640;
  var PALETTE = {
    light: { street: "#D6D2CA", line: "#4A4A4A", hair: "#8A857B", hollow: "#FFFFFF" },
    dark: {
      street: "#45494D", line: "#D0CDC6", hair: "#8F8B83", hollow: "#1D1F21", rim: "#DAD6CE"
    }
  };
  /* name, stacking order, how it is drawn, whether it takes the pointer */
  var PANES = [
    ["circle-streets", 200, "canvas", false],
    ["circle-bands", 300, "svg", false],
    ["circle-lines", 350, "svg", false],
    ["circle-gaps", 400, "svg", true],
    ["circle-points", 450, "canvas", true],
    ["circle-outlines", 455, "svg", true],
    ["circle-names", 460, null, false],
    ["circle-path", 500, "svg", false],
    ["circle-origin", 550, null, false],
    ["circle-badges", 590, null, true]
  ];

  var around = 0;  // the longitude that all others stand near
  var hidden = {};
  var live = [];

  /* ---- keys: what the legend shows and hides ---- */

  function put(parent, key, layer) {
    live = live.filter(function (entry) {
      return entry.parent === parent || entry.parent._map;
    });
    live.push({ parent: parent, key: key, layer: layer });
    if (!hidden[key]) parent.addLayer(layer);
  }

  function show(key, on) {
    hidden[key] = !on;
    live.forEach(function (entry) {
      if (entry.key !== key) return;
      if (on) entry.parent.addLayer(entry.layer);
      else entry.parent.removeLayer(entry.layer);
    });
  }

  /* ---- small helpers ---- */

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function escaped(text) {
    return element("span", "", text).innerHTML;
  }

  /* A district across 180 degrees is one: its longitudes stand beside each other. */
  function near(lon) {
    return lon + 360 * Math.round((around - lon) / 360);
  }

  function decode(line) {
    var lon = 0, lat = 0, points = [];
    for (var i = 0; i < line.length; i += 2) {
      lon += line[i];
      lat += line[i + 1];
      points.push([lat * MICRO, near(lon * MICRO)]);
    }
    return points;
  }

  function at(point) {
    return [point[1], near(point[0])];
  }

  /* Polygons as Python packs them: each its rings. */
  function polygon(polygons, options) {
    return L.polygon(polygons.map(function (rings) { return rings.map(decode); }), options);
  }

  /* A click on a named thing is told to the map as one, and not as a click on the map. */
  function named(layer, kind, id, point) {
    return layer.on("click", function (event) {
      L.DomEvent.stopPropagation(event);
      var map = layer._map || (event.target && event.target._map);
      if (map) map.fire("circle:pick", { layer: kind, id: id, lon: point[0], lat: point[1] });
    });
  }

  function html(pane, point, options) {
    var icon = L.divIcon({
      className: options.className || "",
      html: options.html,
      iconSize: options.size || [0, 0],
      iconAnchor: options.anchor
    });
    return L.marker(at(point), {
      icon: icon,
      pane: pane,
      interactive: !!options.interactive,
      keyboard: !!options.interactive,
      zIndexOffset: options.lift || 0
    });
  }

  function describe(marker, label) {
    marker.circleLabel = label;
    marker.on("add", function () {
      var made = marker.getElement();
      if (!made) return;
      made.setAttribute("aria-label", marker.circleLabel);
      if (!marker.options.interactive) return;
      made.addEventListener("keydown", function (event) {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        made.click();
      });
    });
    return marker;
  }

  function whenAdded(layer, act) {
    if (layer._map) act();
    else layer.once("add", act);
  }

  /* ---- the ground ---- */

  /* A page that is printed is drawn in vectors: a canvas prints badly. */
  function prepare(map, vectors) {
    PANES.forEach(function (row) {
      var pane = map.createPane(row[0]);
      pane.style.zIndex = row[1];
      if (!row[3]) pane.style.pointerEvents = "none";
      if (row[2]) {
        map._paneRenderers[row[0]] = L[vectors ? "svg" : row[2]]({
          pane: row[0], padding: 0.3, tolerance: 4
        });
      }
    });
    if (!document.getElementById("circle-hatch")) {
      var holder = element("div", "circle-defs");
      holder.innerHTML =
        '<svg width="0" height="0" aria-hidden="true"><defs>' +
        '<pattern id="circle-hatch" width="7" height="7" patternUnits="userSpaceOnUse" ' +
        'patternTransform="rotate(45)"><rect width="7" height="7" fill="#B33A3A" ' +
        'fill-opacity="0.13"/><path d="M0 0V7" stroke="#B33A3A" stroke-width="2.2" ' +
        'stroke-opacity="0.55"/></pattern></defs></svg>';
      document.body.appendChild(holder);
    }
  }

  function isDark() {
    var colour = getComputedStyle(document.documentElement)
      .getPropertyValue("--background-color").trim();
    var hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour);
    if (!hex) return false;
    return parseInt(hex[1], 16) + parseInt(hex[2], 16) + parseInt(hex[3], 16) < 300;
  }

  function labels(map, rows) {
    var made = rows.map(function (row) {
      var text = element("span", "circle-label circle-label-" + row.kind, row.text);
      if (row.kind === "metro") text.prepend(element("span", "circle-metro", "M"));
      if (row.angle) text.style.transform = "translate(-50%,-50%) rotate(" + row.angle + "deg)";
      var marker = html("circle-names", row.at, { html: text });
      return { marker: marker.addTo(map), zoom: row.zoom };
    });
    function sift() {
      var zoom = map.getZoom();
      made.forEach(function (row) {
        row.marker.getElement().style.display = zoom >= row.zoom ? "" : "none";
      });
    }
    map.on("zoomend", sift);
    sift();
  }

  var Scale = L.Control.Scale.extend({
    _updateMetric: function (widest) {
      var metres = this._getRoundNum(widest);
      var words = this.options.words;
      var text = metres < 1000 ? metres + " " + words.metre : metres / 1000 + " " + words.kilometre;
      this._updateScale(this._mScale, text, metres / widest);
    }
  });

  function controls(map, data) {
    L.control.zoom({
      position: "topright", zoomInTitle: data.words.zoom_in, zoomOutTitle: data.words.zoom_out
    }).addTo(map);
    new Scale({
      position: "bottomright", imperial: false, maxWidth: 130, words: data.words
    }).addTo(map);
    L.control.attribution({ prefix: false }).addAttribution(data.credit).addTo(map);
  }

  function settle(map, data) {
    map.invalidateSize({ animate: false });
    if (map.getSize().x < 2 || map.getSize().y < 2) {  // a frame that is not laid out yet
      requestAnimationFrame(function () { settle(map, data); });
      return;
    }
    var box = map.getContainer().querySelector(".circle-legend");
    if (box) box.open = map.getSize().x > NARROW_PX;
    fit(map, data, legendWidth(map));
    map.eachLayer(function (layer) {
      var tooltip = layer.getTooltip && layer.getTooltip();
      if (tooltip && tooltip.isOpen()) tooltip.update();
    });
    map.circleSettled = true;
    map.fire("circle:settled");
  }

  function whenSettled(map, act) {
    if (map.circleSettled) act();
    else map.once("circle:settled", act);
  }

  function legendWidth(map) {
    var box = map.getContainer().querySelector(".circle-legend");
    return box && box.open ? box.offsetWidth + 14 : 12;
  }

  /* The map shows a place as large as it fits beside the legend, a small one with what is
     around it. */
  function turnTo(map, bounds, calmly) {
    var left = legendWidth(map);
    if (left > map.getSize().x / 2) left = 12;
    var zoom = Math.min(map.getBoundsZoom(bounds, false, L.point(left + 24, 48)), MOST_NEARED);
    var middle = map.project(bounds.getCenter(), zoom).subtract([(left - 12) / 2, 0]);
    var still = !calmly || matchMedia("(prefers-reduced-motion: reduce)").matches;
    map.setView(map.unproject(middle, zoom), zoom, { animate: !still });
  }

  /* Only another choice turns the map, never another answer to the same one. */
  function follow(map, id, bounds) {
    if (map.circleChosen === id) return;
    map.circleChosen = id;
    if (!bounds) return;
    var calmly = !!map.circleSettled;
    whenSettled(map, function () {
      if (map.circleChosen === id) turnTo(map, bounds, calmly);
    });
  }

  /* A ground stands beside the legend where that costs little of its size. */
  function beside(map, corners, legendPx) {
    var bounds = L.latLngBounds(corners.map(function (each) { return [each[0], near(each[1])]; }));
    var whole = map.getBoundsZoom(bounds, false, L.point(24, 36));
    var shrunk = map.getBoundsZoom(bounds, false, L.point(legendPx + 12, 36));
    map.fitBounds(bounds, {
      animate: false,
      paddingTopLeft: [whole - shrunk <= MOST_SHRUNK ? legendPx : 12, 12],
      paddingBottomRight: [12, 24]
    });
  }

  /* Shows a ground whole, as soon as the map knows its size. */
  function look(map, corners) {
    whenSettled(map, function () { beside(map, corners, legendWidth(map)); });
  }

  /* Another ground is shown whole; the same one leaves the map as a person turned it. */
  function reach(map, corners) {
    var said = JSON.stringify(corners);
    if (map.circleReach === said) return;
    map.circleReach = said;
    look(map, corners);
  }

  function fit(map, data, legendPx) {
    map.setMinZoom(0);
    map.setMaxBounds(data.limits);
    beside(map, data.fit, legendPx);
    map.setMinZoom(Math.min(map.getZoom() - 1, map.getBoundsZoom(data.limits, false)));
  }

  function base(map, data) {
    around = (data.fit[0][1] + data.fit[1][1]) / 2;
    prepare(map, !!data.vectors);
    map.circlePrinted = !!data.vectors;
    fit(map, data, 12);
    var box = map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", data.words.map);
    var streets = data.streets.map(function (group) {
      return L.polyline(group.lines.map(decode), {
        pane: "circle-streets", weight: group.weight, interactive: false, smoothFactor: 0.6
      }).addTo(map);
    });
    var outline = L.polyline(data.outline.map(decode), {
      pane: "circle-lines", weight: 2, dashArray: "7 4", interactive: false
    }).addTo(map);
    var hair = L.polyline(data.areas.map(decode), {
      pane: "circle-lines", weight: 1, interactive: false
    }).addTo(map);
    function paint() {
      var dark = isDark();
      var palette = dark ? PALETTE.dark : PALETTE.light;
      box.classList.toggle("circle-dark", dark);
      streets.forEach(function (group) { group.setStyle({ color: palette.street }); });
      outline.setStyle({ color: palette.line });
      hair.setStyle({ color: palette.hair });
      if (map.circleDark !== dark) {
        map.circleDark = dark;
        map.fire("circle:paint");
      }
    }
    paint();
    var watch = new MutationObserver(paint);
    watch.observe(document.documentElement, { attributeFilter: ["style"] });
    map.on("unload", function () { watch.disconnect(); });
    labels(map, data.labels);
    controls(map, data);
    Promise.resolve().then(function () { settle(map, data); });  // beside the legend, which follows
  }

  /* ---- the legend ---- */

  function drawSign(markup) {
    var sign = element("span", "circle-sign");
    sign.innerHTML = markup;
    sign.querySelectorAll("[data-dark]").forEach(function (shape) {
      shape.style.setProperty("--dark", shape.getAttribute("data-dark"));
    });
    return sign;
  }

  function legendRow(row) {
    var line = element("label", "circle-row");
    var tick = element("input");
    tick.type = "checkbox";
    tick.checked = !hidden[row.key];
    tick.addEventListener("change", function () { show(row.key, tick.checked); });
    line.appendChild(tick);
    var holder = line;
    if (row.title) {
      line.className += " circle-titled";
      line.appendChild(element("span", "circle-title", row.title));
      holder = line.appendChild(element("span", "circle-items"));
    }
    row.items.forEach(function (item) {
      var pair = element("span", "circle-item");
      pair.appendChild(drawSign(item.sign));
      pair.appendChild(element("span", "circle-word", item.text));
      holder.appendChild(pair);
    });
    return line;
  }

  function legendNote(note) {
    var line = element("div", "circle-row circle-note");
    line.appendChild(drawSign(note.sign));
    line.appendChild(element("span", "circle-word", note.text));
    return line;
  }

  function fillLegend(box, data) {
    box.textContent = "";
    box.appendChild(element("summary", "", data.title));
    data.rows.forEach(function (row) { box.appendChild(legendRow(row)); });
    data.notes.forEach(function (note) { box.appendChild(legendNote(note)); });
  }

  function legendBox(map, data) {
    var control = L.control({ position: "bottomleft" });
    control.onAdd = function () {
      var box = element("details", "circle-legend");
      box.open = map.getSize().x > NARROW_PX;
      fillLegend(box, data);
      box.addEventListener("click", function (event) {
        if (event.target.closest("summary")) box.circleTouched = true;
      });
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    };
    map.circleLegendControl = control.addTo(map);
    map.on("moveend", function () { giveWay(map); });
  }

  /* Opens the legend, or folds it where it would hide a facility; tells whether it is open. */
  function unfold(map, box) {
    box.open = true;
    var over = box.getBoundingClientRect();
    box.open = !Array.from(map.getContainer().querySelectorAll(".circle-place")).some(
      function (sign) {
        var place = sign.getBoundingClientRect();
        return place.left < over.right && place.right > over.left &&
          place.top < over.bottom && place.bottom > over.top;
      }
    );
    return box.open;
  }

  /* The legend stands lower left, else upper left, and folds where it would hide a
     facility; once a reader has opened or shut it, it is theirs. Paper folds nothing. */
  function giveWay(map) {
    var box = map.getContainer().querySelector(".circle-legend");
    if (!box || box.circleTouched || map.circlePrinted) return;
    if (!map.circleSettled || map.getSize().x <= NARROW_PX) return;
    if (unfold(map, box) || map.circleLegendPlaced) return;
    map.circleLegendControl.setPosition("topleft");
    if (!unfold(map, box)) map.circleLegendControl.setPosition("bottomleft");
  }

  function legendBesideFacilities(map) {
    whenSettled(map, function () {
      giveWay(map);
      map.circleLegendPlaced = true;
    });
  }

  /* A legend that comes with an answer: the box stays, and stays open or shut. */
  function legend(parent, data) {
    whenAdded(parent, function () {
      var map = parent._map, said = JSON.stringify(data);
      var box = map.getContainer().querySelector(".circle-legend");
      if (box && map.circleLegend !== said) fillLegend(box, data);
      if (!box) legendBox(map, data);
      map.circleLegend = said;
    });
  }

  /* ---- the layers ---- */

  function bands(parent, data) {
    var group = L.featureGroup();
    data.bands.forEach(function (band) {
      polygon(band.polygons, {
        pane: "circle-bands", interactive: false,
        color: band.line, weight: 1, fillColor: band.fill, fillOpacity: 0.45, opacity: 0.9
      }).addTo(group);
    });
    put(parent, "bands", group);
    if (data.corners) whenAdded(parent, function () { reach(parent._map, data.corners); });
  }

  function facilities(parent, data) {
    var groups = {}, set;
    var made = data.places.map(function (place) {
      var style = data.styles[place.style];
      var half = style.size / 2;
      var marker = html("markerPane", place.at, {
        className: "circle-place",
        html: style.svg,
        size: [style.size, style.size],
        anchor: [half - place.dx, half - place.dy],
        interactive: true
      });
      named(describe(marker, place.label), "facility", place.id, place.at);
      marker.bindTooltip(place.tip, {
        className: "circle-tip", direction: "top", offset: [place.dx, place.dy - half], opacity: 1
      });
      groups[place.kind] = groups[place.kind] || L.featureGroup();
      return marker.addTo(groups[place.kind]);
    });

    function mark(marker, on) {
      var tooltip = marker.getTooltip(), sign = marker.getElement();
      if (tooltip.options.permanent !== on) {
        marker.unbindTooltip().bindTooltip(tooltip.getContent(), L.extend(
          {}, tooltip.options, { permanent: on }
        ));
      }
      marker.setZIndexOffset(on ? 1000 : 0);
      if (!sign) return;
      var halo = sign.querySelector(".circle-halo");
      if (on && !halo) sign.appendChild(element("span", "circle-halo"));
      if (!on && halo) halo.remove();
    }

    set = function (told) {
      data.places.forEach(function (place, i) {
        var time = told.times[i], marker = made[i];
        marker.circleLabel = place.label + (time ? data.join + time : "");
        marker.circleChosen = place.id === told.selected;
        var sign = marker.getElement();
        if (sign) sign.setAttribute("aria-label", marker.circleLabel);
        marker.setTooltipContent(place.tip + (time ? "<br>" + escaped(time) : ""));
        mark(marker, marker.circleChosen);
      });
    };
    made.forEach(function (marker) {
      marker.on("add", function () { mark(marker, marker.circleChosen); });
    });
    set(data);
    Object.keys(groups).forEach(function (key) { put(parent, "kind:" + key, groups[key]); });
    whenAdded(parent, function () { legendBesideFacilities(parent._map); });
    return set;
  }

  /* Corners of the signs that are no disc; a radius is 1. */
  var CORNERS = {
    gable: [[0, -1], [1, 0.75], [-1, 0.75]],
    diamond: [[0, -1.6], [1.6, 0], [0, 1.6], [-1.6, 0]],
    cross: [
      [-0.9, -1.5], [0, -0.6], [0.9, -1.5], [1.5, -0.9], [0.6, 0], [1.5, 0.9],
      [0.9, 1.5], [0, 0.6], [-0.9, 1.5], [-1.5, 0.9], [-0.6, 0], [-1.5, -0.9]
    ]
  };

  var Sign = L.CircleMarker.extend({
    _updatePath: function () {
      var renderer = this._renderer, p = this._point, r = this._radius;
      if (!CORNERS[this.options.mark]) {
        L.CircleMarker.prototype._updatePath.call(this);
        return;
      }
      var corners = CORNERS[this.options.mark].map(function (corner) {
        return [p.x + r * corner[0], p.y + r * corner[1]];
      });
      if (renderer instanceof L.SVG) {
        renderer._setPath(this, this._empty() ? "M0 0" : "M" + corners.join("L") + "Z");
        return;
      }
      if (!renderer._drawing || this._empty()) return;
      var ctx = renderer._ctx;
      ctx.beginPath();
      corners.forEach(function (corner) { ctx.lineTo(corner[0], corner[1]); });
      ctx.closePath();
      renderer._fillStroke(ctx, this);
    }
  });

  /* Points grow with the zoom, so that a row of them stays a row of points. */
  function swelling(group, usual) {
    function swell() {
      var radius = usual * Math.max(0.7, Math.min(1.6, 1 + (group._map.getZoom() - 15.25) * 0.4));
      group.eachLayer(function (dot) { dot.setRadius(radius); });
    }
    group.on("add", function () {
      swell();
      group._map.on("zoomend", swell);
    });
    group.on("remove", function () { group._map.off("zoomend", swell); });
  }

  function heritage(parent, data) {
    var group = L.featureGroup();
    data.places.forEach(function (place) {
      var gable = new Sign(at(place.at), {
        mark: "gable", pane: "circle-points", radius: 4.6, stroke: true, color: "#FFFFFF", weight: 0.7,
        fillColor: data.colour, fillOpacity: 0.8
      });
      named(gable, "heritage", place.id, place.at).addTo(group);
      gable.bindTooltip(place.tip, { className: "circle-tip", direction: "top", opacity: 1 });
    });
    swelling(group, 4.6);
    put(parent, "heritage", group);
  }

  function worded(sentence, values) {
    return sentence.replace(/%(people|value)%/g, function (_, name) { return values[name]; });
  }

  /* On a dark ground rings are hollow too, and dark dots have a light rim. */
  function dotStyle(step, dark) {
    var palette = dark ? PALETTE.dark : PALETTE.light, ring = step.mark === "ring";
    var own = dark ? step.dark : step.line;
    return {
      mark: step.mark,
      weight: ring ? 1.6 : 0.6,
      color: !ring && dark ? palette.rim : own,
      fillColor: ring ? palette.hollow : dark ? step.dark : step.fill
    };
  }

  /* Points by column: the places of all, and what the measure says of each. Diamonds
     and crosses stand above discs and rings. */
  function demand(parent, data) {
    var group = L.featureGroup();
    var dots = data.people.map(function (_, i) {
      return new Sign([data.at[2 * i + 1] * MICRO, near(data.at[2 * i] * MICRO)], {
        pane: "circle-points", radius: 3, fillOpacity: 1
      }).addTo(group);
    });

    function paint() {
      if (!group._map) return;
      var styles = data.steps.map(function (step) {
        return dotStyle(step, !!group._map.circleDark);
      });
      dots.forEach(function (dot) { dot.setStyle(styles[dot.step]); });
      dots.forEach(function (dot) { if (CORNERS[dot.options.mark]) dot.bringToFront(); });
    }

    function set(told) {
      data = told;
      dots.forEach(function (dot, i) {
        dot.step = parseInt(data.step[i], 36);
        dot.said = data.words[data.said[i]];
        dot.people = data.people[i];
      });
      paint();
    }

    set(data);
    group.on("add", function () {
      paint();
      group._map.on("circle:paint", paint);
    });
    group.on("remove", function () { group._map.off("circle:paint", paint); });
    swelling(group, 3);
    group.bindTooltip(function (dot) {
      var values = { people: dot.people, value: dot.said };
      return element("span", "", worded(data.steps[dot.step].tip, values));
    }, { className: "circle-tip", direction: "top", opacity: 1 });
    put(parent, "demand", group);
    return set;
  }

  function gaps(parent, data) {
    var group = L.featureGroup(), bounds = null;
    data.gaps.forEach(function (gap) {
      var chosen = gap.id === data.selected;
      var ground = polygon(gap.polygons, {
        pane: "circle-gaps", color: "#B33A3A", weight: chosen ? 3.5 : 1.8,
        dashArray: chosen ? null : "6 4", fillColor: "url(#circle-hatch)", fillOpacity: 1
      });
      named(ground, "gap", gap.id, gap.at).addTo(group);
      ground.bindTooltip(gap.tip, { className: "circle-tip", sticky: true, opacity: 1 });
      if (chosen) bounds = ground.getBounds();
      var badge = html("circle-badges", gap.at, {
        className: "circle-badge" + (chosen ? " circle-badge-chosen" : ""),
        html: element("span", "", String(gap.rank)), size: [26, 26], interactive: true
      });
      named(describe(badge, gap.label), "gap", gap.id, gap.at).addTo(group);
      badge.bindTooltip(gap.tip, { className: "circle-tip", direction: "top", opacity: 1 });
    });
    put(parent, "gaps", group);
    whenAdded(parent, function () { follow(parent._map, data.selected, bounds); });
  }

  function outlines(parent, data) {
    var group = L.featureGroup();
    data.outlines.forEach(function (row) {
      L.geoJSON(row.geometry, {
        pane: "circle-outlines",
        coordsToLatLng: function (place) { return L.latLng(at(place)); },
        style: {
          className: "circle-outline", weight: 2.5, dashArray: "1.5 5.5", lineCap: "round",
          fill: false
        },
        onEachFeature: function (_, layer) {
          layer.bindTooltip(row.tip, { className: "circle-tip", sticky: true, opacity: 1 });
        }
      }).addTo(group);
    });
    put(parent, data.key, group);
  }

  function path(parent, data) {
    var group = L.featureGroup();
    var line = decode(data.line);
    [["#FFFFFF", 8, 0.9], ["#14524D", 4.5, 1]].forEach(function (pen) {
      L.polyline(line, {
        pane: "circle-path", color: pen[0], weight: pen[1], opacity: pen[2],
        interactive: false, lineCap: "round", lineJoin: "round"
      }).addTo(group);
    });
    html("circle-badges", data.end, {
      html: element("span", "circle-minutes", data.text)
    }).addTo(group);
    put(parent, "path", group);
  }

  /* A start that is chosen and out of sight is brought to the middle; the zoom stays. */
  function seen(map, point) {
    var id = point.join();
    if (map.circleStart === id) return;
    map.circleStart = id;
    whenSettled(map, function () {
      if (map.circleStart !== id || map.getBounds().pad(-0.05).contains(at(point))) return;
      map.panTo(at(point), { animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
    });
  }

  function origin(parent, data) {
    whenAdded(parent, function () { seen(parent._map, data.at); });
    html("circle-origin", data.at, {
      html: element("span", "circle-origin"), size: [38, 38]
    }).addTo(parent);
    html("circle-origin", data.at, {
      html: element("span", "circle-origin-dot"), size: [10, 10]
    }).addTo(parent);
  }

  /* Rows of a layer, and places to look at: a disc each, or a sign with a letter. */
  function spots(parent, data) {
    var groups = {}, bounds = null;
    data.places.forEach(function (place) {
      var chosen = place.id === data.selected, made;
      if (place.letter) {
        made = describe(html("circle-badges", place.at, {
          className: "circle-spot" + (chosen ? " circle-spot-chosen" : ""),
          html: element("span", "", place.letter), size: [22, 22], interactive: true,
          lift: chosen ? 1000 : 0
        }), place.label);
      } else {
        made = new L.CircleMarker(at(place.at), {
          pane: "circle-points", radius: chosen ? 9 : 5, color: "#FFFFFF", weight: chosen ? 3 : 1.2,
          fillColor: data.colour, fillOpacity: 0.9
        });
      }
      named(made, "spot", place.id, place.at);
      made.bindTooltip(place.tip, { className: "circle-tip", direction: "top", opacity: 1 });
      if (chosen) bounds = L.latLngBounds([at(place.at), at(place.at)]);
      groups[place.key] = groups[place.key] || L.featureGroup();
      made.addTo(groups[place.key]);
    });
    Object.keys(groups).forEach(function (key) { put(parent, key, groups[key]); });
    whenAdded(parent, function () { follow(parent._map, data.selected, bounds); });
  }

  function lettered(parent, data) {
    html("markerPane", data.at, {
      html: element("span", "circle-letter", data.letter), size: [30, 30], anchor: [15, 38],
      lift: 2000
    }).addTo(parent);
  }

  return {
    base: base, legend: legend, bands: bands, facilities: facilities,
    heritage: heritage, demand: demand, gaps: gaps, outlines: outlines, path: path, origin: origin,
    lettered: lettered, spots: spots,
    element: element, polygon: polygon, whenAdded: whenAdded, look: look, turnTo: turnTo,
    put: put, html: html, describe: describe
  };
})();
