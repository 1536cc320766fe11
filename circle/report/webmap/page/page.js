/* Shows one of a report's maps at a time; what is drawn is drawn by circle.js. */
(function () {
  "use strict";

  var data = JSON.parse(document.getElementById("data").textContent);
  var element = window.circle.element;
  var map = L.map("map", data.options);
  var choice = document.getElementById("choice");
  var zones = document.getElementById("zones");
  var shown = null, seen = null;

  function unpooled(own) {
    var whole = {};
    Object.keys(own).forEach(function (name) {
      var value = own[name];
      whole[name] = value && value.pool !== undefined ? data.pool[value.pool] : value;
    });
    return whole;
  }

  function draw(own) {
    var parts = L.featureGroup().addTo(map);
    own.calls.forEach(function (call) {
      window.circle[call[0]](parts, unpooled(call[1]));
    });
    return parts;
  }

  function say(id, text) {
    var place = document.getElementById(id);
    place.textContent = text;
    place.hidden = !text;
  }

  function boundsOf(own, rank) {
    var gaps = own.calls.filter(function (call) { return call[0] === "gaps"; })[0];
    var gap = unpooled(gaps[1]).gaps.filter(function (one) { return one.rank === rank; })[0];
    return window.circle.polygon(gap.polygons).getBounds();
  }

  function row(own, zone) {
    var button = element("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.title = data.words.turn;
    button.appendChild(element("span", "rank", String(zone.rank)));
    var what = button.appendChild(element("span", "what"));
    [zone.name].concat(zone.lines).forEach(function (line) {
      what.appendChild(element("span", "", line));
    });
    button.addEventListener("click", function () {
      zones.querySelectorAll("button").forEach(function (other) {
        other.setAttribute("aria-pressed", String(other === button));
      });
      window.circle.turnTo(map, boundsOf(own, zone.rank), true);
    });
    var item = element("li");
    item.appendChild(button);
    return item;
  }

  function list(own) {
    var rows = zones.querySelector("ol");
    rows.textContent = "";
    own.zones.forEach(function (zone) { rows.appendChild(row(own, zone)); });
    zones.hidden = !own.zones.length;
  }

  function show(place) {
    var own = data.maps[place];
    if (shown) shown.remove();
    shown = draw(own);
    say("title", own.title);
    say("alt", own.alt);
    say("note", own.note);
    list(own);
    window.circle.look(map, own.bounds);
  }

  function chosen() {
    return choice ? +choice.value : 0;
  }

  function step(by) {
    choice.value = String((chosen() + by + data.maps.length) % data.maps.length);
    show(chosen());
  }

  /* A sheet of paper is not as wide as the screen: the map is laid out anew for it. */
  function lay(printing) {
    if (printing) seen = { bounds: map.getBounds(), center: map.getCenter(), zoom: map.getZoom() };
    document.body.classList.toggle("printing", printing);
    document.querySelector(".sources").open = printing;
    map.invalidateSize({ animate: false });
    if (printing) map.fitBounds(seen.bounds, { animate: false });
    else map.setView(seen.center, seen.zoom, { animate: false });
  }

  window.circle.base(map, data.base);
  if (choice) {
    choice.addEventListener("change", function () { show(chosen()); });
    document.getElementById("previous").addEventListener("click", function () { step(-1); });
    document.getElementById("next").addEventListener("click", function () { step(1); });
  }
  if (data.maps.length) show(chosen());
  window.addEventListener("beforeprint", function () { lay(true); });
  window.addEventListener("afterprint", function () { lay(false); });
})();
