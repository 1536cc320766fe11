/* Many small things on a map, such as wishes: those that lie close at a zoom stand as one,
   with their number. A click on some turns to them, or names them where they lie as one. */
(function (circle) {
  "use strict";

  var CELL_PX = 68, COVERED_PX = 38, MICRO = 1e-6, MOST_NAMED = 20, STEP = 2;
  var SIZES = [[10, 34], [100, 40], [Infinity, 48]];

  function worded(sentence, values) {
    return sentence.replace(/%(\w+)%/g, function (_, name) { return values[name]; });
  }

  /* The squares of a grid that is fixed to the ground: moving the map regroups nothing. */
  function squares(map, data) {
    var zoom = map.getZoom(), seen = map.getPixelBounds(), found = {};
    var low = seen.min.divideBy(CELL_PX).floor(), high = seen.max.divideBy(CELL_PX).floor();
    for (var i = 0; i < data.ids.length; i++) {
      var lat = data.at[2 * i + 1] * MICRO, lon = data.at[2 * i] * MICRO;
      var point = map.project([lat, lon], zoom);
      var x = Math.floor(point.x / CELL_PX), y = Math.floor(point.y / CELL_PX);
      if (x < low.x - 1 || x > high.x + 1 || y < low.y - 1 || y > high.y + 1) continue;
      var square = found[x + ":" + y] = found[x + ":" + y] || { rows: [], lat: 0, lon: 0 };
      square.rows.push(i);
      square.lat += lat;
      square.lon += lon;
    }
    return spread(map, Object.keys(found).map(function (name) { return found[name]; }));
  }

  function middle(square) {
    return [square.lon / square.rows.length, square.lat / square.rows.length];
  }

  /* Those whose signs would cover one another stand as one, the larger ones first. */
  function spread(map, found) {
    var kept = [];
    found.sort(function (a, b) { return b.rows.length - a.rows.length; });
    found.forEach(function (square) {
      var at = middle(square), point = map.latLngToLayerPoint([at[1], at[0]]);
      var near = kept.find(function (other) { return other.point.distanceTo(point) < COVERED_PX; });
      if (near) near.rows = near.rows.concat(square.rows);
      else kept.push({ rows: square.rows, at: at, point: point });
    });
    return kept;
  }

  function apart(data, rows) {
    return rows.some(function (i) {
      return data.at[2 * i] !== data.at[2 * rows[0]] ||
        data.at[2 * i + 1] !== data.at[2 * rows[0] + 1];
    });
  }

  function single(data, i, chosen) {
    var style = data.styles[data.style[i]], half = style.size / 2;
    var words = worded(data.one, { id: data.ids[i], what: style.text });
    var marker = circle.html("circle-badges", [data.at[2 * i] * MICRO, data.at[2 * i + 1] * MICRO], {
      className: "circle-note-sign" + (chosen ? " circle-note-chosen" : ""),
      html: style.svg, size: [style.size, style.size], anchor: [half, half], interactive: true,
      lift: chosen ? 1000 : 0
    });
    marker.bindTooltip(circle.element("span", "", words), {
      className: "circle-tip", direction: "top", offset: [0, -half], opacity: 1
    });
    return circle.describe(marker, words);
  }

  function several(data, square, chosen) {
    var count = square.rows.length, words = worded(data.many, { n: count });
    var size = SIZES.find(function (row) { return count < row[0]; })[1];
    var marker = circle.html("circle-badges", square.at, {
      className: "circle-cluster" + (chosen ? " circle-note-chosen" : ""),
      html: circle.element("span", "", String(count)), size: [size, size], interactive: true
    });
    marker.bindTooltip(circle.element("span", "", words), {
      className: "circle-tip", direction: "top", offset: [0, -size / 2], opacity: 1
    });
    return circle.describe(marker, words);
  }

  circle.clusters = function (parent, data) {
    var group = L.featureGroup(), selected = data.selected;

    function ids(rows) {
      return rows.slice(0, MOST_NAMED).map(function (i) { return data.ids[i]; }).join(",");
    }

    function open(map, square) {
      var deepest = map.getZoom() >= map.getMaxZoom() || !apart(data, square.rows);
      if (square.rows.length > 1 && !deepest) {
        var still = matchMedia("(prefers-reduced-motion: reduce)").matches;
        map.setView(
          [square.at[1], square.at[0]], Math.min(map.getZoom() + STEP, map.getMaxZoom()),
          { animate: !still }
        );
        return;
      }
      map.fire("circle:pick", {
        layer: "wish", id: ids(square.rows), lon: square.at[0], lat: square.at[1]
      });
    }

    function draw() {
      var map = group._map;
      group.clearLayers();
      squares(map, data).forEach(function (square) {
        var chosen = square.rows.some(function (i) { return String(data.ids[i]) === selected; });
        var made = square.rows.length === 1 ? single(data, square.rows[0], chosen) :
          several(data, square, chosen);
        made.on("click", function (event) {
          L.DomEvent.stopPropagation(event);
          open(map, square);
        });
        made.addTo(group);
      });
    }

    group.on("add", function () {
      draw();
      group._map.on("moveend", draw);
    });
    group.on("remove", function () { group._map.off("moveend", draw); });
    circle.put(parent, data.key, group);
    return function (told) {
      selected = told.selected;
      if (group._map) draw();
    };
  };
})(window.circle);
