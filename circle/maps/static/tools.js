/* What a reader does with a map in the app: copies its link, sees it alone on the
   screen, measures on it. A report's map has none of these. */
(function (circle) {
  "use strict";

  var TOLD_MS = 4000;
  var element = circle.element;
  var SIGNS = {
    copy: '<path d="M7 11a3.5 3.5 0 0 0 5 0l3-3a3.5 3.5 0 0 0-5-5l-1 1M11 7a3.5 3.5 0 0 0-5 0l-3 3a3.5 3.5 0 0 0 5 5l1-1"/>',
    full: '<path d="M2 6.5V2h4.5M11.5 2H16v4.5M16 11.5V16h-4.5M6.5 16H2v-4.5"/>',
    measure: '<path d="M1.5 12 12 1.5 16.5 6 6 16.5zM5 8.5l2 2M8 5.5l2 2M11 2.5l2 2"/>'
  };

  function button(holder, name, words, act) {
    var made = holder.appendChild(element("button", "circle-tool circle-tool-" + name));
    made.type = "button";
    made.title = words;
    made.setAttribute("aria-label", words);
    made.innerHTML =
      '<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" fill="none" ' +
      'stroke="currentColor" stroke-width="1.7" stroke-linecap="round" ' +
      'stroke-linejoin="round">' + SIGNS[name] + "</svg>";
    made.addEventListener("click", function () { act(made); });
    return made;
  }

  function tell(told, text) {
    told.textContent = text;
    clearTimeout(told.circleTimer);
    told.circleTimer = setTimeout(function () { told.textContent = ""; }, TOLD_MS);
  }

  /* ---- the link ---- */

  /* Browsers give the clipboard to encrypted pages alone; the old way works on all. */
  function copied(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    var box = document.body.appendChild(element("textarea", "circle-defs"));
    box.value = text;
    box.select();
    var done = document.execCommand("copy");
    box.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("not copied"));
  }

  /* ---- the whole screen ---- */

  function turnFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  }

  /* ---- measuring ---- */

  function length(points, map) {
    return points.slice(1).reduce(function (sum, point, i) {
      return sum + map.distance(points[i], point);
    }, 0);
  }

  function Ruler(map, words) {
    var points = [], drawn = L.featureGroup(), fire = map.fire;
    var told = L.tooltip({
      permanent: true, direction: "top", offset: [0, -6], className: "circle-tip circle-measured"
    });

    function draw() {
      drawn.clearLayers();
      [["#FFFFFF", 6, null], ["#1B1B1B", 2.5, "7 5"]].forEach(function (pen) {
        L.polyline(points, {
          pane: "circle-path", color: pen[0], weight: pen[1], dashArray: pen[2], interactive: false
        }).addTo(drawn);
      });
      points.forEach(function (point) {
        L.circleMarker(point, {
          pane: "circle-path", radius: 4, color: "#FFFFFF", weight: 1.5, fillColor: "#1B1B1B",
          fillOpacity: 1, interactive: false
        }).addTo(drawn);
      });
      if (points.length < 2) return;
      var text = words.straight.replace("%metres%", String(Math.round(length(points, map))));
      told.setLatLng(points[points.length - 1]).setContent(element("b", "", text)).addTo(map);
    }

    /* While it measures, a click goes to the ruler and to nothing else. */
    this.start = function () {
      drawn.addTo(map);
      map.doubleClickZoom.disable();
      map.getContainer().classList.add("circle-measuring");
      map.fire = function (type, event) {
        if (type !== "click") return fire.apply(map, arguments);
        points.push(event.latlng);
        draw();
        return map;
      };
    };

    this.stop = function () {
      delete map.fire;
      points = [];
      drawn.clearLayers().remove();
      told.remove();
      map.doubleClickZoom.enable();
      map.getContainer().classList.remove("circle-measuring");
    };
  }

  function ruling(map, words, told) {
    var ruler = new Ruler(map, words), made = null;
    function turn(on) {
      if ((made.getAttribute("aria-pressed") === "true") === on) return;
      made.setAttribute("aria-pressed", String(on));
      if (on) ruler.start();
      else ruler.stop();
      tell(told, on ? words.measuring : "");
    }
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape") turn(false);
    });
    return function (holder) {
      made = button(holder, "measure", words.measure, function () {
        turn(made.getAttribute("aria-pressed") !== "true");
      });
      made.setAttribute("aria-pressed", "false");
    };
  }

  circle.tools = function (map, words) {
    var control = L.control({ position: "topleft" });
    control.onAdd = function () {
      var holder = element("div", "circle-tools leaflet-bar");
      var told = element("div", "circle-told");
      told.setAttribute("role", "status");
      button(holder, "copy", words.copy, function () {
        copied(window.parent.location.href).then(
          function () { tell(told, words.copied); },
          function () { tell(told, words.not_copied); }
        );
      });
      if (document.fullscreenEnabled) button(holder, "full", words.full, turnFull);
      ruling(map, words, told)(holder);
      holder.appendChild(told);
      L.DomEvent.disableClickPropagation(holder);
      return holder;
    };
    control.addTo(map);
  };
})(window.circle);
