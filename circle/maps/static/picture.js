/* Saves what the map shows as a picture. The vectors are drawn anew, finer than
   the screen, by Leaflet's own canvas renderer; signs, names and the sheet around
   the map are painted from the elements that the browser has laid out. Tiles of
   another server are left out, and the sheet says so: a browser hands out no
   picture of what another server sent. */
(function (circle) {
  "use strict";

  var WIDE_PX = 1600;
  var LEAST_SCALE = 2, MOST_SCALE = 4;
  var HALO_PX = 3;
  var KEPT_MS = 60000;
  var SIGN =
    '<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" fill="none" ' +
    'stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">' +
    '<path d="M16 10v5.5H2v-13h7M2 13l3.5-3.5 3.5 3.5 2-2 3 4M13.5 1.5v5.5M11 4.7l2.5 2.5L16 4.7"/></svg>';
  var NOT_PAINTED = { CANVAS: 1, IMG: 1, INPUT: 1, SCRIPT: 1, STYLE: 1 };
  var SIGN_STYLES = [
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "font-family",
    "font-size", "font-weight"
  ];
  var element = circle.element;

  /* ---- vectors ---- */

  function hatch(ctx, scale) {
    var tile = element("canvas");
    tile.width = tile.height = 7 * scale;
    var pen = tile.getContext("2d");
    pen.fillStyle = "rgba(179, 58, 58, 0.13)";
    pen.fillRect(0, 0, tile.width, tile.height);
    pen.fillStyle = "rgba(179, 58, 58, 0.55)";
    pen.fillRect(0, 0, 2.2 * scale / 2, tile.height);
    pen.fillRect(tile.width - 2.2 * scale / 2, 0, 2.2 * scale / 2, tile.height);
    var pattern = ctx.createPattern(tile, "repeat");
    pattern.setTransform(new DOMMatrix().rotate(45).scale(1 / scale));
    return pattern;
  }

  /* A canvas renderer that draws once, on a canvas of ours. */
  var Pen = L.Canvas.extend({
    initialize: function (ctx, scale) {
      this._ctx = ctx;
      this._hatch = hatch(ctx, scale);
      this._drawing = true;
    },

    draw: function (layer) {
      var own = layer._renderer, options = layer.options;
      layer.options = this._inks(layer);
      this._updateDashArray(layer);
      this._bounds = own._bounds;
      layer._renderer = this;
      try {
        layer._updatePath();
      } finally {
        layer._renderer = own;
        layer.options = options;
      }
    },

    /* Where a style sheet colours a path, it has the last word. */
    _inks: function (layer) {
      var inks = L.extend({}, layer.options);
      if (layer._path) {
        var style = getComputedStyle(layer._path);
        if (inks.stroke) inks.color = style.stroke;
        if (inks.fill) inks.fillColor = style.fill;
      }
      if (/^url/.test(inks.fillColor)) inks.fillColor = this._hatch;
      return inks;
    }
  });

  function inOrder(renderer) {
    var found = [];
    if (renderer instanceof L.Canvas) {
      for (var link = renderer._drawFirst; link; link = link.next) found.push(link.layer);
      return found;
    }
    var places = new Map();
    Array.prototype.forEach.call(renderer._rootGroup.children, function (path, place) {
      places.set(path, place);
    });
    Object.keys(renderer._layers).forEach(function (id) { found.push(renderer._layers[id]); });
    return found.filter(function (layer) { return places.has(layer._path); })
      .sort(function (a, b) { return places.get(a._path) - places.get(b._path); });
  }

  /* ---- elements ---- */

  /* Paints elements where they stand, `from` being the corner of the canvas. */
  function Painter(ctx, from, scale, images) {
    this.ctx = ctx;
    this.from = from.getBoundingClientRect();
    this.scale = scale;
    this.images = images;
  }

  Painter.prototype = {
    rect: function (box) {
      return { x: box.left - this.from.left, y: box.top - this.from.top, w: box.width, h: box.height };
    },

    paint: function (node) {
      if (node.nodeType === Node.TEXT_NODE) this.words(node);
      if (node.nodeType !== Node.ELEMENT_NODE || NOT_PAINTED[node.tagName]) return;
      var style = getComputedStyle(node);
      if (style.display === "none" || style.visibility === "hidden") return;
      if (node.tagName.toLowerCase() === "svg") return this.sign(node, style);
      var turned = Math.atan2(new DOMMatrix(style.transform).b, new DOMMatrix(style.transform).a);
      if (Math.abs(turned) > 1e-3) return this.turnedWords(node, style, turned);
      this.box(node, style);
      node.childNodes.forEach(this.paint, this);
    },

    box: function (node, style) {
      var r = this.rect(node.getBoundingClientRect());
      var line = parseFloat(style.borderTopWidth) || 0;
      var round = /%$/.test(style.borderTopLeftRadius)
        ? r.w / 2 : parseFloat(style.borderTopLeftRadius) || 0;
      this.shape(r, 0, round);
      this.ctx.fillStyle = style.backgroundColor;
      this.ctx.fill();
      if (style.borderTopStyle === style.borderLeftStyle && line) {
        var rim = /^(rgba?\([^)]*\)) 0px 0px 0px ([\d.]+)px/.exec(style.boxShadow);
        if (rim) this.frame(r, line / 2, round, line + 2 * rim[2], rim[1]);
        this.frame(r, line / 2, round, line, style.borderTopColor);
      } else {
        this.sides(r, style);
      }
      var outline = parseFloat(style.outlineWidth) || 0;
      if (outline && style.outlineStyle === "solid") {
        this.frame(r, -outline / 2, round, outline, style.outlineColor);
      }
    },

    shape: function (r, inset, round) {
      this.ctx.beginPath();
      this.ctx.roundRect(
        r.x + inset, r.y + inset, r.w - 2 * inset, r.h - 2 * inset, Math.max(0, round - inset)
      );
    },

    frame: function (r, inset, round, wide, colour) {
      this.shape(r, inset, round);
      this.stroke(wide, colour);
    },

    stroke: function (wide, colour) {
      this.ctx.setLineDash([]);
      this.ctx.lineWidth = wide;
      this.ctx.strokeStyle = colour;
      this.ctx.stroke();
    },

    sides: function (r, style) {
      [
        ["Top", r.x, r.y, r.x + r.w, r.y, 0, 1], ["Bottom", r.x, r.y + r.h, r.x + r.w, r.y + r.h, 0, -1],
        ["Left", r.x, r.y, r.x, r.y + r.h, 1, 0], ["Right", r.x + r.w, r.y, r.x + r.w, r.y + r.h, -1, 0]
      ].forEach(function (side) {
        var wide = parseFloat(style["border" + side[0] + "Width"]) || 0;
        if (!wide || style["border" + side[0] + "Style"] === "none") return;
        var x = side[5] * wide / 2, y = side[6] * wide / 2;
        this.ctx.beginPath();
        this.ctx.moveTo(side[1] + x, side[2] + y);
        this.ctx.lineTo(side[3] + x, side[4] + y);
        this.stroke(wide, style["border" + side[0] + "Color"]);
      }, this);
    },

    sign: function (svg, style) {
      var r = this.rect(svg.getBoundingClientRect()), image = this.images.get(svg);
      if (!image) return;
      this.ctx.save();
      if (style.filter !== "none") {
        this.ctx.shadowColor = "rgba(0, 0, 0, 0.28)";
        this.ctx.shadowBlur = this.ctx.shadowOffsetY = this.scale;
      }
      this.ctx.drawImage(image, r.x, r.y, r.w, r.h);
      this.ctx.restore();
    },

    pen: function (style) {
      this.ctx.font = [style.fontStyle, style.fontWeight, style.fontSize, style.fontFamily].join(" ");
      this.ctx.letterSpacing = style.letterSpacing === "normal" ? "0px" : style.letterSpacing;
      this.ctx.textBaseline = "alphabetic";
      this.ctx.textAlign = "left";
    },

    write: function (text, x, y, style) {
      if (style.textShadow !== "none") {
        this.ctx.setLineDash([]);
        this.ctx.lineJoin = "round";
        this.ctx.lineWidth = HALO_PX;
        this.ctx.strokeStyle = style.getPropertyValue("--ground");
        this.ctx.strokeText(text, x, y);
      }
      this.ctx.fillStyle = style.color;
      this.ctx.fillText(text, x, y);
    },

    words: function (node) {
      if (!node.data.trim()) return;
      var style = getComputedStyle(node.parentNode);
      this.pen(style);
      lines(node).forEach(function (line) {
        var r = this.rect(line.box), size = this.ctx.measureText(line.text);
        var high = size.fontBoundingBoxAscent + size.fontBoundingBoxDescent;
        this.write(line.text, r.x, r.y + size.fontBoundingBoxAscent * r.h / high, style);
      }, this);
    },

    turnedWords: function (node, style, turned) {
      var r = this.rect(node.getBoundingClientRect());
      this.pen(style);
      var size = this.ctx.measureText(node.textContent);
      var down = (size.fontBoundingBoxAscent - size.fontBoundingBoxDescent) / 2;
      this.ctx.save();
      this.ctx.translate(r.x + r.w / 2, r.y + r.h / 2);
      this.ctx.rotate(turned);
      this.write(node.textContent, -size.width / 2, down, style);
      this.ctx.restore();
    }
  };

  /* The lines that the browser broke a text into, with the box of each. */
  function lines(node) {
    var range = document.createRange(), found = [], last = null;
    Array.from(node.data).reduce(function (begin, letter) {
      range.setStart(node, begin);
      range.setEnd(node, begin + letter.length);
      var box = range.getClientRects()[0];
      if (box && box.width > 0) {
        if (last && Math.abs(box.top - last.box.top) < box.height / 2) {
          last.text += letter;
        } else {
          last = { text: letter, box: box };
          found.push(last);
        }
      }
      return begin + letter.length;
    }, 0);
    found.forEach(function (line) { line.text = line.text.replace(/\s/g, " "); });
    return found;
  }

  /* A sign as an image of its own: what it inherits has to be written into it. */
  function standalone(svg, scale) {
    var copy = svg.cloneNode(true), hatched = document.getElementById("circle-hatch");
    var own = svg.querySelectorAll("*"), copied = copy.querySelectorAll("*");
    own.forEach(function (shape, i) {
      var style = getComputedStyle(shape);
      copied[i].removeAttribute("class");
      SIGN_STYLES.forEach(function (name) {
        copied[i].setAttribute(name, style.getPropertyValue(name).replace(/url\("(.*)"\)/, "url($1)"));
      });
    });
    if (hatched) copy.prepend(hatched.cloneNode(true));
    var box = svg.getBoundingClientRect();
    copy.setAttribute("width", box.width * scale);
    copy.setAttribute("height", box.height * scale);
    return new XMLSerializer().serializeToString(copy);
  }

  function loaded(roots, scale) {
    var known = {}, images = new Map(), waits = [];
    roots.forEach(function (root) {
      root.querySelectorAll("svg").forEach(function (svg) {
        if (svg.closest(".leaflet-overlay-pane") || svg.querySelector("g")) return;
        if (!svg.getBoundingClientRect().width) return;
        var text = standalone(svg, scale);
        if (!known[text]) {
          known[text] = new Image();
          known[text].src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
          waits.push(known[text].decode());
        }
        images.set(svg, known[text]);
      });
    });
    return Promise.all(waits).then(function () { return images; });
  }

  /* ---- the map ---- */

  function stacked(nodes) {
    return nodes.map(function (node) { return [+getComputedStyle(node).zIndex || 0, node]; })
      .sort(function (a, b) { return a[0] - b[0]; })
      .map(function (pair) { return pair[1]; });
  }

  function paintMap(map, painter, pen) {
    var panes = map.getPanes(), corner = map.layerPointToContainerPoint([0, 0]);
    var named = new Map(Object.keys(panes).map(function (name) { return [panes[name], name]; }));
    stacked(Array.from(map.getPane("mapPane").children)).forEach(function (pane) {
      var renderer = map._paneRenderers[named.get(pane)];
      if (renderer && map.hasLayer(renderer)) {
        painter.ctx.save();
        painter.ctx.translate(corner.x, corner.y);
        inOrder(renderer).forEach(pen.draw, pen);
        painter.ctx.restore();
      }
      var nodes = Array.from(pane.children).filter(function (node) {
        return !renderer || node !== renderer._container;
      });
      stacked(nodes).forEach(painter.paint, painter);
    });
    painter.ctx.globalAlpha = 1;
    map.getContainer().querySelectorAll(".leaflet-control-scale").forEach(painter.paint, painter);
  }

  /* ---- the sheet ---- */

  function sheetOf(map, data) {
    var size = map.getSize(), sheet = element("div", "circle-sheet");
    sheet.style.width = size.x + "px";
    var head = sheet.appendChild(element("div", "circle-sheet-head"));
    head.appendChild(element("div", "circle-sheet-title", data.title));
    head.appendChild(element("div", "circle-sheet-sub", data.subtitle));
    var hole = sheet.appendChild(element("div", "circle-sheet-map"));
    hole.style.height = size.y + "px";
    var foot = sheet.appendChild(element("div", "circle-sheet-foot"));
    var legend = map.getContainer().querySelector(".circle-legend");
    if (legend) foot.appendChild(legendOf(legend));
    var notes = data.notes.slice();
    map.eachLayer(function (layer) { if (layer instanceof L.TileLayer) notes.push(data.words.tiles); });
    notes.forEach(function (note) { foot.appendChild(element("div", "circle-sheet-note", note)); });
    map.getContainer().appendChild(sheet);
    return { whole: sheet, hole: hole };
  }

  function legendOf(legend) {
    var holder = element("div", "circle-sheet-legend");
    legend.querySelectorAll(".circle-row").forEach(function (row) {
      var tick = row.querySelector("input");
      if (tick && !tick.checked) return;
      var copy = row.cloneNode(true);
      if (tick) copy.querySelector("input").remove();
      holder.appendChild(copy);
    });
    return holder;
  }

  function draw(map, data) {
    var sheet = sheetOf(map, data);
    var size = sheet.whole.getBoundingClientRect();
    var scale = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, WIDE_PX / size.width));
    var canvas = element("canvas"), ctx = canvas.getContext("2d");
    canvas.width = Math.round(size.width * scale);
    canvas.height = Math.round(size.height * scale);
    return loaded([map.getPane("mapPane"), sheet.whole], scale).then(function (images) {
      var hole = sheet.hole.getBoundingClientRect(), ground = getComputedStyle(map.getContainer());
      ctx.scale(scale, scale);
      ctx.fillStyle = ground.backgroundColor;
      ctx.fillRect(0, 0, size.width, size.height);
      ctx.save();
      ctx.translate(hole.left - size.left, hole.top - size.top);
      ctx.beginPath();
      ctx.rect(0, 0, hole.width, hole.height);
      ctx.clip();
      paintMap(map, new Painter(ctx, map.getContainer(), scale, images), new Pen(ctx, scale));
      ctx.restore();
      new Painter(ctx, sheet.whole, scale, images).paint(sheet.whole);
      return canvas;
    }).finally(function () { sheet.whole.remove(); });
  }

  function blobOf(canvas) {
    return new Promise(function (done, failed) {
      canvas.toBlob(function (blob) { if (blob) done(blob); else failed(new Error("empty")); });
    });
  }

  function hand(blob, name) {
    var link = element("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, KEPT_MS);
  }

  function atRest(map) {
    return new Promise(function (done) {
      if (map._animatingZoom) map.once("zoomend", function () { requestAnimationFrame(done); });
      else done();
    });
  }

  function save(map, button) {
    var data = map.circlePicture, told = button.parentNode.querySelector(".circle-alert");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    told.textContent = "";
    atRest(map)
      .then(function () { return draw(map, data); })
      .then(blobOf)
      .then(function (blob) { hand(blob, data.file + ".png"); })
      .catch(function (error) {
        told.textContent = data.words.failed;
        console.warn(error);
      })
      .finally(function () { button.removeAttribute("aria-busy"); });
  }

  /* ---- the button ---- */

  function buttonOf(map) {
    var control = L.control({ position: "topright" });
    control.onAdd = function () {
      var holder = element("div", "circle-save leaflet-bar");
      var button = holder.appendChild(element("button", ""));
      button.type = "button";
      button.innerHTML = SIGN;
      button.addEventListener("click", function () { save(map, button); });
      holder.appendChild(element("div", "circle-alert")).setAttribute("role", "alert");
      L.DomEvent.disableClickPropagation(holder);
      return holder;
    };
    return control.addTo(map).getContainer();
  }

  /* The button stands as long as there is an answer to save. */
  circle.picture = function (parent, data) {
    circle.whenAdded(parent, function () {
      var map = parent._map;
      map.circlePicture = data;
      var holder = map.getContainer().querySelector(".circle-save") || buttonOf(map);
      var button = holder.querySelector("button");
      button.title = data.words.save;
      button.setAttribute("aria-label", data.words.save);
      holder.hidden = false;
      parent.once("remove", function () { holder.hidden = map.circlePicture === data; });
    });
  };
})(window.circle);
